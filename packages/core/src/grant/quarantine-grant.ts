import { z } from "zod";
import { failed, moved } from "./grant.ts";
import { failureReasons } from "./grant.view.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** Login is denied and sessions are ended, but the account cannot be dropped yet. Tried again for ever. */
export const quarantineGrant = grantMove(
  "grant.quarantine",
  z.strictObject({
    ...moveTarget,
    reason: z.enum(failureReasons),
    message: z.string().max(1000),
    blockers: z.array(z.string().max(500)).max(50),
    remedy: z.array(z.string().max(2000)).max(50),
    random: z.number().min(0).max(1),
  }),
  (ctx, grant, { random, ...failure }) => {
    const change = failed(grant, ctx.clock.now(), { step: "revoke", ...failure }, random);
    return {
      next: moved(grant, "quarantined", change),
      outcome: "failed",
      data: {
        reason: failure.reason,
        message: failure.message,
        blockers: failure.blockers,
        attempts: change.failure.attempts,
      },
    };
  },
);
