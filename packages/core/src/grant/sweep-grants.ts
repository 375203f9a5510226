import { listInstances } from "../catalog/instance.store.ts";
import { epochMs, type Instant, instantOf, plusMs } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { listOverdueGrants, listOverdueGrantsOfOldRecords } from "./grant.store.ts";
import { type Grant, isRevocationDue } from "./grant.ts";
import { type Errand, errands } from "./slot.ts";
import type { SweepContext, SweepReport } from "./sweep.ts";

/** Brokers at once for one server. */
const atOnce = 4;
/** Read at once for one server; whoever takes one account back goes on with the others by itself. */
const listed = 40;
/** After so many pages of what cannot be offered now, nothing else is looked for behind them. */
const pagesInVain = 5;
/** A server is left to the next sweep after so many turns in a row that did not reach it. */
const misses = 3;
/** Nothing is begun after this: the next sweep begins then. */
const beginMs = 50_000;
/** What a turn may take that was begun last. */
const reserveMs = 60_000;

type Counted = Pick<SweepReport, "grants" | "failedGrants">;

/** Each instance is swept by itself, in the order of its own due times: a dead or slow server costs the time of its own
 * sweep and no other. One on which nothing is due is not touched. */
export async function sweepGrants(ctx: SweepContext, now: Instant): Promise<Counted> {
  const [instances, old] = await Promise.all([listInstances(ctx), listOverdueGrantsOfOldRecords(ctx, now)]);
  const oldOnes = Map.groupBy(old, (grant) => grant.database.instance.id);
  const ids = new Set([...instances.map(({ id }) => id), ...oldOnes.keys()]);
  const stopAt = instantOf(Math.min(epochMs(plusMs(now, beginMs)), epochMs(ctx.limits.endsAt) - reserveMs));
  const counted = await Promise.all(
    [...ids].map((id) => sweepInstance(ctx, id, oldOnes.get(id) ?? [], now, stopAt)),
  );
  return {
    grants: counted.reduce((sum, { grants }) => sum + grants, 0),
    failedGrants: counted.reduce((sum, { failedGrants }) => sum + failedGrants, 0),
  };
}

async function sweepInstance(
  ctx: SweepContext,
  instanceId: Id<"instance">,
  old: readonly Grant[],
  now: Instant,
  stopAt: Instant,
): Promise<Counted> {
  const lane = new Lane(ctx, instanceId, stopAt);
  try {
    await lane.turnAll(old);
    let cursor: string | undefined;
    let inVain = 0;
    do {
      const due = await listOverdueGrants(ctx, instanceId, now, { cursor, limit: listed });
      const before = lane.grants;
      await lane.turnAll(due.items);
      inVain = lane.grants === before ? inVain + 1 : 0;
      cursor = due.nextCursor ?? undefined;
    } while (cursor !== undefined && inVain < pagesInVain && !lane.isOver());
  } catch (error) {
    // The table is away: what is due is still due in a minute, and the other instances go on.
    ctx.log.error("the sweeper could not sweep an instance", { instanceId, error: nameOf(error) });
  }
  return { grants: lane.grants, failedGrants: lane.failedGrants };
}

/** The sweep of one instance. */
class Lane {
  grants = 0;
  failedGrants = 0;
  readonly #ctx: SweepContext;
  readonly #instanceId: Id<"instance">;
  readonly #stopAt: Instant;
  /** On these errands all slots of the server are taken: their holders go on with the others. */
  readonly #taken = new Set<Errand>();
  #missesInRow = 0;

  constructor(ctx: SweepContext, instanceId: Id<"instance">, stopAt: Instant) {
    this.#ctx = ctx;
    this.#instanceId = instanceId;
    this.#stopAt = stopAt;
  }

  /** Gives them to brokers one after the other, a few at once. */
  async turnAll(due: readonly Grant[]): Promise<void> {
    const waiting = [...due];
    const work = async () => {
      for (let grant = waiting.shift(); grant && !this.isOver(); grant = waiting.shift()) {
        if (!this.#taken.has(this.#errandOf(grant))) await this.#turn(grant);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  isOver(): boolean {
    return (
      this.#missesInRow >= misses ||
      this.#taken.size === errands.length ||
      this.#ctx.clock.now() >= this.#stopAt
    );
  }

  async #turn(grant: Grant): Promise<void> {
    const { id, networkId } = grant;
    this.grants += 1;
    try {
      const turn = await this.#ctx.brokers.turn(networkId, id);
      const because = turn?.next === "wait" ? turn.because : undefined;
      if (because === "no-slot") this.#taken.add(this.#errandOf(grant));
      else this.#missed(because === "unreachable");
    } catch (error) {
      this.failedGrants += 1;
      this.#ctx.log.error("the sweeper could not settle one", { what: "grant", id, error: nameOf(error) });
      this.#missed(true);
    }
  }

  #missed(isMiss: boolean): void {
    this.#missesInRow = isMiss ? this.#missesInRow + 1 : 0;
    if (this.#missesInRow !== misses) return;
    this.#ctx.log.warn("a server is left to the next sweep", { instanceId: this.#instanceId, misses });
  }

  #errandOf(grant: Grant): Errand {
    return isRevocationDue(grant, this.#ctx.clock.now()) ? "revoke" : "other";
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
