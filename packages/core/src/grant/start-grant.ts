import { z } from "zod";
import { plusMinutes } from "../kernel/clock.ts";
import { moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** Announces provisioning. The clock starts with the attempt that succeeds: each attempt sets the end anew. */
export const startGrant = grantMove("grant.start", z.strictObject({ ...moveTarget }), (ctx, grant) => {
  const startedAt = ctx.clock.now();
  const endsAt = plusMinutes(startedAt, grant.durationMinutes);
  const next = moved(grant, "provisioning", {
    startedAt,
    endsAt,
    databaseEndsAt: endsAt,
    nextAttemptAt: undefined,
  });
  return { next, data: { account: grant.account, endsAt } };
});
