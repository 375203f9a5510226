import { z } from "zod";
import { failed, moved } from "./grant.ts";
import { failureReasons } from "./grant.view.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** A step did not succeed: why, and when it is tried again. */
export const recordFailure = grantMove(
  "grant.record-failure",
  z.strictObject({
    ...moveTarget,
    step: z.enum(["provision", "extend", "revoke"]),
    reason: z.enum(failureReasons),
    message: z.string().max(1000),
    blockers: z.array(z.string().max(500)).max(50).default([]),
    remedy: z.array(z.string().max(60_000)).max(50).default([]),
    random: z.number().min(0).max(1),
  }),
  (ctx, grant, { random, step, reason, message, blockers, remedy }) => {
    const change = failed(grant, ctx.clock.now(), { step, reason, message, blockers, remedy }, random);
    return {
      next: moved(grant, grant.state, change),
      outcome: "failed",
      data: { step, reason, message, attempts: change.failure.attempts, nextAttemptAt: change.nextAttemptAt },
    };
  },
);
