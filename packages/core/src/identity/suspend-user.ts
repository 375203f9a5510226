import { z } from "zod";
import { endGrant } from "../grant/end-grant.ts";
import { endingHoldings, holdingsAtOnce } from "../grant/end-holdings.ts";
import { listLiveGrantsOfHolder } from "../grant/grant.store.ts";
import { isHeld, ofSuspension } from "../grant/held.ts";
import { type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { conflict, forbidden, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findUser, savingUser } from "./user.store.ts";
import { suspended, viewOfUser } from "./user.ts";

/** Refuses a person everywhere from now on: ends their sessions for good and the access that they hold; tokens rest
 * until they are reinstated. */
export const suspendUser = operation({
  name: "user.suspend",
  input: z.strictObject({
    id: idSchema("user"),
    reason: z.string().trim().min(3, "say in a few words why").max(500),
  }),
  load: async (ctx: TimerContext, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    const held = (await listLiveGrantsOfHolder(ctx, id)).filter(isHeld);
    return { facts: { what: "user" }, user, held };
  },
  decide: async (ctx, { id, reason }, { user, held }) => {
    if (ctx.actor.kind === "user" && ctx.actor.id === id) {
      throw forbidden("user.suspend-self", "You cannot suspend yourself; ask another administrator.");
    }
    if (user.suspendedAt) throw conflict("user.already-suspended", "This person is suspended already.");
    // What one transaction does not take is ended before: repeated, this begins with fewer.
    for (const grant of held.slice(holdingsAtOnce))
      await endGrant(ctx, { id: grant.id, reason: ofSuspension });
    const next = suspended(user, reason, ctx.clock.now());
    const { ended, writes } = endingHoldings(ctx, held.slice(0, holdingsAtOnce), ofSuspension);
    return {
      result: viewOfUser(next, ctx.settings.roleGroups),
      writes: [...writes, savingUser(ctx, next)],
      event: {
        subjectId: id,
        data: {
          name: user.name,
          reason,
          ...(held.length > 0 ? { ended: held.map((grant) => grant.id) } : {}),
        },
      },
      after: async () => {
        await Promise.all(ended.map((grant) => wakeTimer(ctx, grant)));
      },
    };
  },
});
