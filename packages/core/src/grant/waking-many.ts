import type { Instant } from "../kernel/clock.ts";
import type { Grant } from "./grant.ts";
import { type TimerContext, wakeTimer } from "./timer.port.ts";

/** Timers started at once: Step Functions refuses who starts too many. */
const atOnce = 10;

/** Wakes the timers of many grants beside whatever else goes on, a few at once and none after `stopAt`. Revoking does
 * not depend on it: who takes one account back goes on with the others, and the sweeper finds them all. */
export function wakingMany(
  ctx: TimerContext,
  stopAt: Instant,
): { wake(grants: readonly Grant[]): void; done(): Promise<void> } {
  const waiting: Grant[] = [];
  const lanes = new Set<Promise<void>>();
  let left = 0;
  const lane = async () => {
    for (let grant = waiting.shift(); grant; grant = waiting.shift()) {
      if (ctx.clock.now() >= stopAt) left += 1;
      else await wakeTimer(ctx, grant).catch(() => (left += 1));
    }
  };
  const start = () => {
    while (lanes.size < Math.min(atOnce, waiting.length)) {
      const running: Promise<void> = lane().finally(() => lanes.delete(running));
      lanes.add(running);
    }
  };
  return {
    wake(grants) {
      waiting.push(...grants);
      start();
    },
    async done() {
      for (start(); lanes.size > 0; start()) await Promise.all(lanes);
      if (left > 0) ctx.log.warn("timers left to the sweeper", { count: left });
    },
  };
}
