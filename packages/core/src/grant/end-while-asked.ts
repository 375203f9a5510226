import { epochMs, type Instant, instantOf, plusMs } from "../kernel/clock.ts";
import type { AccessEnd } from "./access-end.ts";
import { type Ended, endOrdered } from "./end-ordered.ts";
import type { TimerContext } from "./timer.port.ts";
import { wakingSome } from "./waking-some.ts";

export type SwitchContext = TimerContext & {
  /** When this invocation is stopped. */
  limits: { endsAt: Instant };
};

/** Who pulls a kill switch waits so long for its answer. */
const answerMs = 15_000;
/** What was begun last may take so long. */
const reserveMs = 8_000;

/** Carries an order out while its caller waits, and answers in good time how far it came. */
export async function endWhileAsked(ctx: SwitchContext, end: AccessEnd): Promise<Ended> {
  const stopAt = instantOf(
    Math.min(epochMs(plusMs(ctx.clock.now(), answerMs)), epochMs(ctx.limits.endsAt) - reserveMs),
  );
  const waking = wakingSome(ctx, stopAt);
  const counted = await endOrdered(ctx, end, stopAt, (grants) => waking.wake(grants));
  await waking.done();
  return counted;
}
