import { z } from "zod";
import { instantSchema } from "../kernel/clock.ts";
import { moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** Revoked: said only after a query showed the account absent; `absentAt` is when that was. */
export const finishGrant = grantMove(
  "grant.finish",
  z.strictObject({
    ...moveTarget,
    absentAt: instantSchema,
    sessionsEnded: z.number().int().min(0),
    keptObjects: z.array(z.string()).default([]),
  }),
  (ctx, grant, { absentAt, sessionsEnded, keptObjects }) => ({
    next: moved(grant, "revoked", {
      revokedAt: ctx.clock.now(),
      absentAt,
      nextAttemptAt: undefined,
      pendingExtensionId: undefined,
      failure: grant.endedBy === "failure" ? grant.failure : undefined,
    }),
    data: {
      account: grant.account,
      ...(grant.endsAt ? { endsAt: grant.endsAt } : {}),
      absentAt,
      sessionsEnded,
      keptObjects: keptObjects.slice(0, 50),
    },
  }),
);
