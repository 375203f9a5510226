import type { Context } from "../kernel/context.ts";
import type { Grant } from "./grant.ts";

/** Starts (or wakes) the timer of a grant: one more execution under a name of its own, which looks at the ledger.
 * The same name twice is one execution. */
export type TimerContext = Context & {
  timers: { start(grant: Pick<Grant, "id" | "networkId">, executionName: string): Promise<void> };
};

export function startTimer(ctx: TimerContext, grant: Grant): Promise<void> {
  return ctx.timers.start(grant, grant.id);
}

/** For what cannot wait until the timer wakes by itself: an early end, a new end, another attempt. */
export function wakeTimer(ctx: TimerContext, grant: Grant): Promise<void> {
  return ctx.timers.start(grant, `${grant.id}-${grant.version}`);
}
