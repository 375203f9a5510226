import { z } from "zod";
import { failed, moved } from "./grant.ts";
import { failureReasons } from "./grant.view.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The account cannot be dropped yet; `loginDenied` says whether it is locked at least. Tried again for ever. */
export const quarantineGrant = grantMove(
  "grant.quarantine",
  z.strictObject({
    ...moveTarget,
    reason: z.enum(failureReasons),
    message: z.string().max(1000),
    loginDenied: z.boolean().optional(),
    blockers: z.array(z.string().max(500)).max(50),
    remedy: z.array(z.string().max(60_000)).max(50),
    random: z.number().min(0).max(1),
  }),
  (ctx, grant, { random, reason, message, blockers, remedy, loginDenied }) => {
    const locked = loginDenied === undefined ? {} : { loginDenied };
    const failure = { step: "revoke", reason, message, blockers, remedy, ...locked } as const;
    const change = failed(grant, ctx.clock.now(), failure, random);
    return {
      next: moved(grant, "quarantined", change),
      outcome: "failed",
      data: { reason, message, ...locked, blockers, attempts: change.failure.attempts },
    };
  },
);
