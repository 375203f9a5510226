import { z } from "zod";
import { orderingAccessEnd } from "../grant/access-end.store.ts";
import type { AccessEnd } from "../grant/access-end.ts";
import { endingHoldings, holdingsAtOnce } from "../grant/end-holdings.ts";
import { endOrdered } from "../grant/end-ordered.ts";
import { listLiveGrantsOfHolder } from "../grant/grant.store.ts";
import type { Grant } from "../grant/grant.ts";
import { isHeld, ofSuspension } from "../grant/held.ts";
import { type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { plusMs } from "../kernel/clock.ts";
import { conflict, forbidden, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { againOnConflict } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { actingUser } from "./acting-user.ts";
import { findUser, savingUser } from "./user.store.ts";
import { suspended, userRef, viewOfUser } from "./user.ts";

/** `byOrder`: the access is not ended with the suspension but right after it, by an order that the sweeper knows of. */
type SuspendContext = TimerContext & { byOrder?: boolean };

const suspendOnce = operation({
  name: "user.suspend",
  input: z.strictObject({
    id: idSchema("user"),
    reason: z.string().trim().min(3, "say in a few words why").max(500),
  }),
  load: async (ctx: SuspendContext, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    const held = (await listLiveGrantsOfHolder(ctx, id)).filter(isHeld);
    return { facts: { what: "user" }, user, held };
  },
  decide: (ctx, { id, reason }, { user, held }) => {
    if (ctx.actor.kind === "user" && ctx.actor.id === id) {
      throw forbidden("user.suspend-self", "You cannot suspend yourself; ask another administrator.");
    }
    if (user.suspendedAt) throw conflict("user.already-suspended", "This person is suspended already.");
    const next = suspended(user, reason, ctx.clock.now());
    const ending =
      ctx.byOrder || held.length > holdingsAtOnce ? endingByOrder(ctx, id) : endingNow(ctx, held);
    return {
      result: viewOfUser(next, ctx.settings.roleGroups),
      writes: [...ending.writes, savingUser(ctx, next)],
      event: {
        subjectId: id,
        data: {
          name: user.name,
          reason,
          ...(ending.ended.length > 0 ? { ended: ending.ended.map((grant) => grant.id) } : {}),
        },
      },
      after: ending.after,
    };
  },
});

/** Refuses a person everywhere from now on: ends their sessions for good and the access that they hold; tokens rest
 * until they are reinstated. Access that moves in that very moment does not keep the suspension: after some attempts
 * the person is suspended first, and their access ended by an order that stands. */
export const suspendUser = Object.assign(
  (ctx: TimerContext, input: Parameters<typeof suspendOnce>[1]) =>
    againOnConflict(ctx, ["grant.changed", "user.changed", "table.busy"], (attempt) =>
      suspendOnce({ ...ctx, byOrder: attempt > attemptsAtOnce }, input),
    ),
  { operation: suspendOnce.operation, input: suspendOnce.input },
);

const attemptsAtOnce = 3;
/** Whoever suspends waits so long; the sweeper goes on. */
const waitsMs = 10_000;

function endingNow(ctx: TimerContext, held: readonly Grant[]) {
  const { ended, writes } = endingHoldings(ctx, held, ofSuspension);
  return { ended, writes, after: () => wakeAll(ctx, ended) };
}

function endingByOrder(ctx: TimerContext, subjectId: AccessEnd["subjectId"]) {
  const at = ctx.clock.now();
  const end: AccessEnd = { subjectId, at, reason: ofSuspension, orderedBy: userRef(actingUser(ctx)) };
  const after = async () => {
    const ended: Grant[] = [];
    await endOrdered(ctx, end, plusMs(at, waitsMs), (grants) => ended.push(...grants));
    await wakeAll(ctx, ended);
  };
  // What the order ends is told by its own events.
  return { ended: [], writes: [orderingAccessEnd(ctx, end)], after };
}

async function wakeAll(ctx: TimerContext, grants: readonly Grant[]): Promise<void> {
  await Promise.all(grants.map((grant) => wakeTimer(ctx, grant)));
}
