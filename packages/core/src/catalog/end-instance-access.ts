import { z } from "zod";
import { notingAccessEnd } from "../grant/access-end.store.ts";
import { type EndedSome, endUntilNone, heldNow } from "../grant/end-all-holdings.ts";
import { endingHoldings, holdingsAtOnce } from "../grant/end-holdings.ts";
import { type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { findInstance } from "./instance.store.ts";
import { listLiveGrantsOfInstance } from "./live-grants.ts";

/** Ends what anybody holds on an instance, as much as one transaction takes. Requests that wait stay: each still needs
 * its approval, by somebody who knows of the incident. */
export const endSomeInstanceAccess = operation({
  name: "instance.end-access",
  input: z.strictObject({
    id: idSchema("instance"),
    reason: prose({ min: 3, max: 500, tooShort: "say in a few words why" }),
  }),
  load: async (ctx: TimerContext, { id }) => {
    const instance = await findInstance(ctx, id);
    if (!instance) throw notFound("instance");
    const held = await heldNow(ctx, await listLiveGrantsOfInstance(ctx, id));
    return { facts: { what: "instance" }, instance, held };
  },
  decide: (ctx, { id, reason }, { instance, held }) => {
    const { ended, writes } = endingHoldings(ctx, held.slice(0, holdingsAtOnce), reason);
    return {
      result: { ended: ended.length, left: held.length - ended.length } satisfies EndedSome,
      writes: [...writes, notingAccessEnd(ctx, id, ctx.clock.now())],
      event: {
        subjectId: id,
        data: { name: instance.name, reason, ended: ended.map((grant) => grant.id) },
      },
      after: async () => {
        await Promise.all(ended.map((grant) => wakeTimer(ctx, grant)));
      },
    };
  },
});

/** The kill switch for an instance: in as many transactions as it takes, each with its event. */
export function endInstanceAccess(
  ctx: TimerContext,
  input: Parameters<typeof endSomeInstanceAccess>[1],
): Promise<{ ended: number }> {
  return endUntilNone(ctx, () => endSomeInstanceAccess(ctx, input));
}
