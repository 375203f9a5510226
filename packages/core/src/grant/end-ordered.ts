import { listLiveGrantsOfInstance } from "../catalog/live-grants.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import { type Id, isId } from "../kernel/ids.ts";
import { type AccessEnd, type AccessEndSubject, isMeant } from "./access-end.ts";
import { carryOutAccessEnd } from "./carry-out-access-end.ts";
import { holdingsAtOnce } from "./end-holdings.ts";
import { listLiveGrantsOfHolder } from "./grant.store.ts";
import type { Grant } from "./grant.ts";

/** Grants ended, and those that still are to be; the sweeper goes on with them. */
export type Ended = { ended: number; left: number };

/** Transactions at once: none has a grant of another. */
const together = 4;
/** A transaction that met grants on the move is tried again so often, and then at the next look. */
const attempts = 6;
const looks = 3;

/** Ends what an order means, and looks again for what was planned or moved meanwhile. Each look reads the list once and
 * each grant once more, however many there are; nothing is begun after `stopAt`. One transaction that fails keeps none
 * of the others. */
export async function endOrdered(
  ctx: Context,
  end: AccessEnd,
  stopAt: Instant,
  onEnded: (ended: readonly Grant[]) => void = () => undefined,
): Promise<Ended> {
  const settled = new Set<Id<"grant">>();
  let left: readonly Grant[] | undefined;
  let ended = 0;
  for (let look = 1; ; look += 1) {
    const listed = await listLiveOf(ctx, end.subjectId).catch((error: unknown) => {
      ctx.log.error("access that is to end could not be listed", {
        subjectId: end.subjectId,
        error: nameOf(error),
      });
      if (left === undefined) throw goesOn(error);
      return left;
    });
    left = listed.filter((grant) => isMeant(end, grant) && !settled.has(grant.id));
    if (left.length === 0 || look > looks || ctx.clock.now() >= stopAt) return { ended, left: left.length };
    await inBatches(left, async (batch) => {
      if (ctx.clock.now() >= stopAt) return;
      const done = await endBatch(ctx, end, batch, stopAt);
      if (!done) return;
      for (const { id } of batch) settled.add(id);
      ended += done.length;
      onEnded(done);
    });
  }
}

function listLiveOf(ctx: Context, subjectId: AccessEndSubject): Promise<Grant[]> {
  return isId("user", subjectId)
    ? listLiveGrantsOfHolder(ctx, subjectId)
    : listLiveGrantsOfInstance(ctx, subjectId as Id<"instance">);
}

async function inBatches(all: readonly Grant[], work: (batch: readonly Grant[]) => Promise<void>) {
  let next = 0;
  const lane = async () => {
    while (next < all.length) {
      const start = next;
      next += holdingsAtOnce;
      await work(all.slice(start, start + holdingsAtOnce));
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
}

/** Those that were ended; undefined when it could not be done now. */
async function endBatch(
  ctx: Context,
  { subjectId }: AccessEnd,
  batch: readonly Grant[],
  stopAt: Instant,
): Promise<readonly Grant[] | undefined> {
  const grantIds = batch.map(({ id }) => id);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await carryOutAccessEnd(ctx, { subjectId, grantIds });
    } catch (error) {
      const isCollision = error instanceof DomainError && collisions.includes(error.code);
      if (!isCollision || attempt === attempts || ctx.clock.now() >= stopAt) {
        // The order stands: whoever looks next ends them.
        ctx.log.error("access could not be ended yet", { subjectId, error: nameOf(error) });
        return undefined;
      }
      await ctx.clock.sleep(20 * attempt);
    }
  }
}

function goesOn(cause: unknown): DomainError {
  const message =
    "It is on record that this access ends, and it is being ended; how much of it there is could not be counted.";
  return new DomainError("unavailable", "access-end.goes-on", message, { cause });
}

const collisions = ["grant.changed", "table.busy"];

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
