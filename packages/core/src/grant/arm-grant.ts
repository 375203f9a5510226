import { z } from "zod";
import { moved } from "./grant.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** The database now holds the same end as the ledger. */
export const armGrant = grantMove("grant.arm", z.strictObject({ ...moveTarget }), (_ctx, grant) => ({
  next: moved(grant, "active", {
    databaseEndsAt: grant.endsAt,
    failure: undefined,
    nextAttemptAt: undefined,
  }),
  data: { endsAt: grant.endsAt ?? null },
}));
