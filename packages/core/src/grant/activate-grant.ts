import { z } from "zod";
import { illegalMove, moved } from "./grant.ts";
import { deadManSwitchSchema } from "./grant.view.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** Said only after a login as the account was verified. `serverId` is the database server's own id of the account. */
export const activateGrant = grantMove(
  "grant.activate",
  z.strictObject({
    ...moveTarget,
    serverId: z.number().int().optional(),
    notGranted: z.array(z.string()).max(100).default([]),
    /** What is not said is not claimed. */
    deadManSwitch: deadManSwitchSchema.default("none"),
  }),
  (_ctx, grant, { serverId, notGranted, deadManSwitch }) => {
    if (grant.state === "active") throw illegalMove(grant, "be activated again");
    return {
      next: moved(grant, "active", { serverId, deadManSwitch, failure: undefined, nextAttemptAt: undefined }),
      data: { account: grant.account, endsAt: grant.endsAt ?? null, notGranted, deadManSwitch },
    };
  },
);
