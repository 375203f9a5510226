import { z } from "zod";
import { notingAccessEnd } from "../grant/access-end.store.ts";
import { type EndedSome, endUntilNone, heldNow } from "../grant/end-all-holdings.ts";
import { endingHoldings, holdingsAtOnce } from "../grant/end-holdings.ts";
import { listLiveGrantsOfHolder } from "../grant/grant.store.ts";
import { type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { findUser } from "./user.store.ts";

/** Ends what a person holds, as much as one transaction takes. Their sessions and their waiting requests stay: who
 * must not get anything new is suspended, and what waits still needs its approval. */
export const endSomeUserAccess = operation({
  name: "user.end-access",
  input: z.strictObject({
    id: idSchema("user"),
    reason: prose({ min: 3, max: 500, tooShort: "say in a few words why" }),
  }),
  load: async (ctx: TimerContext, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    return { facts: { what: "user" }, user, held: await heldNow(ctx, await listLiveGrantsOfHolder(ctx, id)) };
  },
  decide: (ctx, { id, reason }, { user, held }) => {
    const { ended, writes } = endingHoldings(ctx, held.slice(0, holdingsAtOnce), reason);
    return {
      result: { ended: ended.length, left: held.length - ended.length } satisfies EndedSome,
      writes: [...writes, notingAccessEnd(ctx, id, ctx.clock.now())],
      event: {
        subjectId: id,
        data: { name: user.name, reason, ended: ended.map((grant) => grant.id) },
      },
      after: async () => {
        await Promise.all(ended.map((grant) => wakeTimer(ctx, grant)));
      },
    };
  },
});

/** The kill switch for a person: in as many transactions as it takes, each with its event. */
export function endUserAccess(
  ctx: TimerContext,
  input: Parameters<typeof endSomeUserAccess>[1],
): Promise<{ ended: number }> {
  return endUntilNone(ctx, () => endSomeUserAccess(ctx, input));
}
