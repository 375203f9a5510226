import { z } from "zod";
import { illegalMove, moved, needsArming } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The database now holds the same end as the ledger. */
export const armGrant = grantMove("grant.arm", z.strictObject({ ...moveTarget }), (_ctx, grant) => {
  if (!needsArming(grant)) throw illegalMove(grant, "tell the database an end that it knows");
  return {
    next: moved(grant, "active", {
      databaseEndsAt: grant.endsAt,
      failure: undefined,
      nextAttemptAt: undefined,
    }),
    data: { endsAt: grant.endsAt ?? null },
  };
});
