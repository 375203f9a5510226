import { z } from "zod";
import { illegalMove, moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The end has come, the holder was suspended, or provisioning was given up: nothing leads back from here to access. */
export const beginRevocation = grantMove(
  "grant.begin-revocation",
  z.strictObject({
    ...moveTarget,
    endedBy: z.enum(["expiry", "failure", "administrator"]),
    reason: z.string().optional(),
    orderedBy: z.string().optional(),
  }),
  (ctx, grant, { endedBy, reason, orderedBy }) => {
    if (grant.state === "revoking" || grant.state === "quarantined") throw illegalMove(grant, "end again");
    return {
      next: moved(grant, "revoking", {
        endedBy,
        endsAt: endedBy === "expiry" ? (grant.endsAt ?? ctx.clock.now()) : ctx.clock.now(),
        nextAttemptAt: undefined,
        // A failed provisioning keeps its cause on record; people ask for it afterwards.
        failure: endedBy === "failure" ? grant.failure : undefined,
      }),
      outcome: endedBy === "failure" ? "failed" : "done",
      data: {
        endedBy,
        message: endedBy === "failure" ? (grant.failure?.message ?? null) : null,
        ...(reason === undefined ? {} : { reason }),
        ...(orderedBy === undefined ? {} : { orderedBy }),
      },
    };
  },
);
