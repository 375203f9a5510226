import { z } from "zod";
import { orderingAccessEnd } from "../grant/access-end.store.ts";
import type { AccessEnd } from "../grant/access-end.ts";
import type { Ended } from "../grant/end-ordered.ts";
import { endWhileAsked, type SwitchContext } from "../grant/end-while-asked.ts";
import { actingUser } from "../identity/acting-user.ts";
import { userRef } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { findInstance } from "./instance.store.ts";

const orderOnce = operation({
  name: "instance.end-access",
  input: z.strictObject({
    id: idSchema("instance"),
    reason: prose({ min: 3, max: 500, tooShort: "say in a few words why" }),
  }),
  load: async (ctx: Context, { id }) => {
    const instance = await findInstance(ctx, id);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, instance };
  },
  decide: (ctx, { id, reason }, { instance }) => {
    const end: AccessEnd = {
      subjectId: id,
      at: ctx.clock.now(),
      reason,
      orderedBy: userRef(actingUser(ctx)),
    };
    return {
      result: end,
      writes: [orderingAccessEnd(ctx, end)],
      event: { subjectId: id, data: { name: instance.name, reason } },
    };
  },
});

/** Orders the end of whatever anybody holds on an instance. From here on it is a matter of record: no grant that was
 * planned until now gets or keeps an account. Requests that wait stay: each still needs its approval, by somebody who
 * knows of the incident. */
export const orderInstanceAccessEnd = insistent(orderOnce, ["table.busy"]);

/** The kill switch for an instance: the order, and as much of it as can be done while the caller waits. The sweeper does
 * the rest, also when the caller is gone. */
export async function endInstanceAccess(
  ctx: SwitchContext,
  input: Parameters<typeof orderInstanceAccessEnd>[1],
): Promise<Ended> {
  return endWhileAsked(ctx, await orderInstanceAccessEnd(ctx, input));
}
