import { epochMs, instantOf, plusMs } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { listDueRevocations } from "./grant.store.ts";
import { dueAt, type Grant, isUrgent } from "./grant.ts";
import { type Slot, slotCount } from "./slot.ts";
import { isUnreachable, type Turn } from "./turn.ts";

/** A holder goes on for this long; its own timer waits for its answer meanwhile. */
const drainMs = 45_000;
/** What the last one that it begins may take, before Lambda ends the invocation. */
const reserveMs = 45_000;
/** Listed at once, and worked on before the next look: what was ended early meanwhile comes first there. */
const listed = 60;
const together = 20;
const failuresInRow = 3;

/** Whoever holds a slot to take an account back goes on with the others that are due on the same server, on the same
 * sessions: their timers then find nothing left to do. `revoke` says undefined for one that somebody else moved. A
 * server that cannot be reached, or that refuses one after another, is left to the next attempt of each. True once there
 * is nothing left to go on with. */
export async function drain(
  ctx: BrokerContext,
  instanceId: Id<"instance">,
  slot: Slot,
  revoke: (listed: Grant) => Promise<Turn | undefined>,
): Promise<boolean> {
  const stopAt = instantOf(
    Math.min(epochMs(plusMs(ctx.clock.now(), drainMs)), epochMs(ctx.limits.endsAt) - reserveMs),
  );
  const looked = new Set<Id<"grant">>();
  let failures = 0;
  for (;;) {
    const now = ctx.clock.now();
    const due = (await listDueRevocations(ctx, instanceId, now, listed)).filter(({ id }) => !looked.has(id));
    const share = shareOf(ctx, due, slot).slice(0, together);
    if (share.length === 0) return true;
    for (const grant of share) {
      if (ctx.clock.now() >= stopAt) return false;
      looked.add(grant.id);
      const turn = await revoke(grant);
      if (turn === undefined) continue;
      failures = turn.next === "done" ? 0 : failures + 1;
      if (failures === failuresInRow || isUnreachable(turn)) return false;
    }
  }
}

/** Holders share the list by the number of their slot, so that they do not meet. Who has nothing left of their own takes
 * what others have not begun, or left behind. What was ended early goes before all, whosever it is. */
function shareOf(ctx: BrokerContext, due: readonly Grant[], { number }: Slot): readonly Grant[] {
  const count = slotCount(ctx.limits.connectionsPerInstance);
  const now = ctx.clock.now();
  const isOwn = ({ id }: Grant) => id.charCodeAt(id.length - 1) % count === number;
  const [own, others] = [due.filter(isOwn), due.filter((grant) => !isOwn(grant))];
  const left = others.filter((grant) => grant.state === "active" || (dueAt(grant) ?? now) <= now);
  const start = Math.floor((left.length * number) / count);
  const apart = [...left.slice(start), ...left.slice(0, start)];
  const first = [...own.filter(isUrgent), ...apart.filter(isUrgent)];
  if (first.length > 0) return first;
  return own.length > 0 ? own : apart;
}
