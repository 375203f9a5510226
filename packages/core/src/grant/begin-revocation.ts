import { z } from "zod";
import type { Instant } from "../kernel/clock.ts";
import { type Grant, illegalMove, moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The end has come, the holder was suspended, or provisioning was given up or refused (`refused` says why): nothing leads
 * back from here to access. */
export const beginRevocation = grantMove(
  "grant.begin-revocation",
  z.strictObject({
    ...moveTarget,
    endedBy: z.enum(["expiry", "failure", "administrator"]),
    reason: z.string().optional(),
    orderedBy: z.string().optional(),
    refused: z.string().max(1000).optional(),
  }),
  (ctx, grant, { endedBy, reason, orderedBy, refused }) => {
    if (grant.state === "revoking" || grant.state === "quarantined") throw illegalMove(grant, "end again");
    // A failed provisioning keeps its cause on record; people ask for it afterwards.
    const failure = refused === undefined ? grant.failure : refusal(refused, ctx.clock.now());
    return {
      next: moved(grant, "revoking", {
        endedBy,
        endsAt: endedBy === "expiry" ? (grant.endsAt ?? ctx.clock.now()) : ctx.clock.now(),
        nextAttemptAt: undefined,
        failure: endedBy === "failure" ? failure : undefined,
      }),
      outcome: endedBy === "failure" ? "failed" : "done",
      data: {
        endedBy,
        message: endedBy === "failure" ? (failure?.message ?? null) : null,
        ...(reason === undefined ? {} : { reason }),
        ...(orderedBy === undefined ? {} : { orderedBy }),
      },
    };
  },
);

function refusal(message: string, since: Instant): Grant["failure"] {
  return {
    step: "provision",
    reason: "refused",
    message,
    since,
    attempts: 1,
    blockers: [],
    remedy: [],
  };
}
