import { z } from "zod";
import { plusMinutes } from "../kernel/clock.ts";
import { moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

const placeSchema = z.strictObject({
  host: z.string().max(255),
  port: z.number().int(),
  identity: z.string().max(200).nullable(),
});

/** Announces provisioning, and on which server: the first one that an attempt was announced for stays on record. The
 * clock starts with the attempt that succeeds: each attempt sets the end anew. */
export const startGrant = grantMove(
  "grant.start",
  z.strictObject({ ...moveTarget, server: placeSchema.optional() }),
  (ctx, grant, { server }) => {
    const startedAt = ctx.clock.now();
    const endsAt = plusMinutes(startedAt, grant.durationMinutes);
    const next = moved(grant, "provisioning", {
      startedAt,
      endsAt,
      databaseEndsAt: endsAt,
      nextAttemptAt: undefined,
      server: grant.server ?? server,
    });
    return { next, data: { account: grant.account, endsAt, server: next.server?.host ?? null } };
  },
);
