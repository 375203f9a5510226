import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import { holdingsAtOnce } from "./end-holdings.ts";
import { findGrantsNow } from "./grant.store.ts";
import type { Grant } from "./grant.ts";
import { isHeld } from "./held.ts";

/** What one transaction of a kill switch did, and whether it left any for the next. */
export type EndedSome = { ended: number; left: number };

/** Repeats the transaction that ends some of the access until none is left. One that met a grant on the move ends
 * nothing and is tried again: whoever pulls a kill switch is not told to try later. */
export async function endUntilNone(
  ctx: Pick<Context, "clock">,
  endSome: () => Promise<EndedSome>,
): Promise<{ ended: number }> {
  let total = 0;
  let collisions = 0;
  for (;;) {
    try {
      const { ended, left } = await endSome();
      total += ended;
      if (left === 0) return { ended: total };
      collisions = 0;
    } catch (error) {
      const isCollision = error instanceof DomainError && error.code === "grant.changed";
      collisions += 1;
      if (!isCollision || collisions > maxCollisions) throw error;
      await ctx.clock.sleep(20 * collisions);
    }
  }
}

const maxCollisions = 20;

/** Of these, read from a list that may lag, those that are or may become access, as they are now: as many as one
 * transaction takes, and more if there are more. */
export async function heldNow(ctx: Pick<Context, "table">, listed: readonly Grant[]): Promise<Grant[]> {
  const ids = listed.filter(isHeld).map(({ id }) => id);
  const held: Grant[] = [];
  for (let start = 0; start < ids.length && held.length <= holdingsAtOnce; start += readAtOnce) {
    const now = await findGrantsNow(ctx, ids.slice(start, start + readAtOnce));
    held.push(...[...now.values()].filter(isHeld));
  }
  return held;
}

const readAtOnce = 100;
