import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { lapseRequest } from "../request/lapse-request.ts";
import { listLapsingRequests } from "../request/request.store.ts";
import { listDueGrants } from "./grant.store.ts";
import type { Grant } from "./grant.ts";
import { recordSweep } from "./sweep.store.ts";

/** The sweeper calls brokers; it touches no database itself. */
export type SweepContext = Context & {
  brokers: { turn(networkId: Id<"network">, grantId: Id<"grant">): Promise<void> };
};

export type SweepReport = { grants: number; failedGrants: number; lapsedRequests: number };

const requestsPerShard = 50;
/** Brokers at once for one server, and grants of one in one sweep: a dead or slow one never delays the others. */
const atOnce = 4;
const perInstance = 400;

/** Every minute: grants that something should have been done about, and requests past their deadline.
 * It needs neither timer nor stream, only the table. */
export async function sweep(ctx: SweepContext): Promise<SweepReport> {
  const now = ctx.clock.now();
  const [grants, lapsedRequests] = await Promise.all([turnDue(ctx, now), lapseDue(ctx, now)]);
  await recordSweep(ctx);
  return { ...grants, lapsedRequests };
}

async function turnDue(ctx: SweepContext, now: Instant): Promise<Omit<SweepReport, "lapsedRequests">> {
  const byInstance = Map.groupBy(await listDueGrants(ctx, now), (grant) => grant.database.instance.id);
  const due = [...byInstance.values()].map((grants) => grants.slice(0, perInstance));
  const failed = await Promise.all(due.map((grants) => turnAll(ctx, grants)));
  return { grants: due.flat().length, failedGrants: failed.reduce((sum, count) => sum + count, 0) };
}

async function lapseDue(ctx: SweepContext, now: Instant): Promise<number> {
  let lapsed = 0;
  for (const { id } of await listLapsingRequests(ctx, now, requestsPerShard)) {
    if (await settled(ctx, "request", id, () => lapseRequest(ctx, { id }))) lapsed += 1;
  }
  return lapsed;
}

/** How many of them could not be looked at. */
async function turnAll(ctx: SweepContext, grants: readonly Grant[]): Promise<number> {
  const waiting = [...grants];
  let failed = 0;
  const work = async () => {
    for (let grant = waiting.shift(); grant; grant = waiting.shift()) {
      const { id, networkId } = grant;
      if (!(await settled(ctx, "grant", id, () => ctx.brokers.turn(networkId, id)))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

/** One that fails is reported and looked at again in a minute; the others go on. */
async function settled(
  ctx: Context,
  what: string,
  id: string,
  step: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") return true;
    ctx.log.error("the sweeper could not settle one", {
      what,
      id,
      error: error instanceof Error ? error.name : "unknown",
    });
    return false;
  }
}
