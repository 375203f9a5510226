import { z } from "zod";
import { orderingAccessEnd } from "../grant/access-end.store.ts";
import type { AccessEnd } from "../grant/access-end.ts";
import type { Ended } from "../grant/end-ordered.ts";
import { endWhileAsked, type SwitchContext } from "../grant/end-while-asked.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { actingUser } from "./acting-user.ts";
import { findUser } from "./user.store.ts";
import { userRef } from "./user.ts";

const orderOnce = operation({
  name: "user.end-access",
  input: z.strictObject({
    id: idSchema("user"),
    reason: prose({ min: 3, max: 500, tooShort: "say in a few words why" }),
  }),
  load: async (ctx: Context, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    return { facts: { what: "user" }, user };
  },
  decide: (ctx, { id, reason }, { user }) => {
    const end: AccessEnd = {
      subjectId: id,
      at: ctx.clock.now(),
      reason,
      orderedBy: userRef(actingUser(ctx)),
    };
    return {
      result: end,
      writes: [orderingAccessEnd(ctx, end)],
      event: { subjectId: id, data: { name: user.name, reason } },
    };
  },
});

/** Orders the end of whatever a person holds. From here on it is a matter of record: no grant that was planned until now
 * gets or keeps an account. Their sessions and their waiting requests stay: who must not get anything new is suspended,
 * and what waits still needs its approval. */
export const orderUserAccessEnd = insistent(orderOnce, ["table.busy"]);

/** The kill switch for a person: the order, and as much of it as can be done while the caller waits. The sweeper does the
 * rest, also when the caller is gone. */
export async function endUserAccess(
  ctx: SwitchContext,
  input: Parameters<typeof orderUserAccessEnd>[1],
): Promise<Ended> {
  return endWhileAsked(ctx, await orderUserAccessEnd(ctx, input));
}
