import type { Instant } from "../kernel/clock.ts";
import type { Grant } from "./grant.ts";
import { type TimerContext, wakeTimer } from "./timer.port.ts";

/** Of those that end together on one instance so many timers are woken: more than there are slots to take accounts back.
 * Whoever gets one goes on with all others there; the rest would only ask the table for a slot, all at once. */
const onOneInstance = 4;

/** Wakes timers beside whatever else goes on, none after `stopAt`. Revoking does not depend on any one of them: who takes
 * one account back goes on with the others, and the sweeper finds them all. */
export function wakingSome(
  ctx: TimerContext,
  stopAt: Instant,
): { wake(ended: readonly Grant[]): void; done(): Promise<void> } {
  const waking: Promise<void>[] = [];
  let left = 0;
  const wakeOne = async (grant: Grant) => {
    try {
      if (ctx.clock.now() < stopAt) await wakeTimer(ctx, grant);
      else left += 1;
    } catch {
      left += 1;
    }
  };
  return {
    wake(ended) {
      const byInstance = Map.groupBy(ended, ({ database }) => database.instance.id);
      for (const there of byInstance.values()) {
        for (const grant of there.slice(0, onOneInstance)) waking.push(wakeOne(grant));
      }
    },
    async done() {
      await Promise.all(waking);
      if (left > 0) ctx.log.warn("timers left to the sweeper", { count: left });
    },
  };
}
