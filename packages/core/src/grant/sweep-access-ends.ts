import { type Instant, plusMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import { closeAccessEnd, findAccessEnd, listOpenAccessEnds } from "./access-end.store.ts";
import type { AccessEnd } from "./access-end.ts";
import { endOrdered } from "./end-ordered.ts";

/** Orders looked at in one sweep; mostly there are none. */
const listed = 50;
const atOnce = 4;
/** What is left then is the next sweep's. */
const goOnMs = 20_000;
/** Lists lag, and a turn that began before the order may still end with an account: an order is done when a look that
 * was so long after it finds nothing. */
const doubtMs = 90_000;

/** Goes on with kill switches whose caller stopped, or ran out of time: what was ordered is ended, whoever is left to do
 * it. The accounts are taken back in the same sweep. */
export async function sweepAccessEnds(ctx: Context, now: Instant): Promise<void> {
  const waiting = await listOpenAccessEnds(ctx, listed);
  const stopAt = plusMs(now, goOnMs);
  const work = async () => {
    for (let end = waiting.shift(); end; end = waiting.shift()) await goOn(ctx, end, stopAt);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function goOn(ctx: Context, { subjectId }: AccessEnd, stopAt: Instant): Promise<void> {
  try {
    // It may have been ordered anew since it was listed.
    const end = await findAccessEnd(ctx, subjectId);
    if (!end || ctx.clock.now() >= stopAt) return;
    const lookedAt = ctx.clock.now();
    const { ended, left } = await endOrdered(ctx, end, stopAt);
    if (ended > 0) ctx.log.warn("went on ending access that was ordered to end", { subjectId, ended, left });
    if (left === 0 && lookedAt >= plusMs(end.at, doubtMs)) await closeAccessEnd(ctx, end);
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") return;
    const name = error instanceof Error ? error.name : "unknown";
    ctx.log.error("the sweeper could not settle one", { what: "access-end", id: subjectId, error: name });
  }
}
