import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { instancesToReconcile } from "../reconciliation/reconcile-duty.ts";
import { lapseRequest } from "../request/lapse-request.ts";
import { listLapsingRequests } from "../request/request.store.ts";
import { alarmOverdue } from "./alarm-duty.ts";
import { recordSweep } from "./sweep.store.ts";
import { sweepAccessEnds } from "./sweep-access-ends.ts";
import { sweepGrants } from "./sweep-grants.ts";
import type { Turn } from "./turn.ts";

/** The sweeper calls brokers; it touches no database itself. */
export type SweepContext = Context & {
  brokers: {
    /** The answer of the broker; undefined where it is not known. */
    turn(networkId: Id<"network">, grantId: Id<"grant">): Promise<Turn | undefined>;
    reconcile(networkId: Id<"network">, instanceId: Id<"instance">): Promise<void>;
  };
  /** When this invocation is stopped. */
  limits: { endsAt: Instant };
};

export type SweepReport = {
  grants: number;
  failedGrants: number;
  alarms: number;
  reconciledInstances: number;
  lapsedRequests: number;
};

const requestsPerShard = 50;
const instancesAtOnce = 4;

/** Every minute: kill switches that are not known to be carried out, grants that something should have been done about, those that are overdue told, instances on which
 * ledger and accounts are to be compared, and requests past their deadline. It needs neither timer nor stream, only
 * the table. */
export async function sweep(ctx: SweepContext): Promise<SweepReport> {
  const now = ctx.clock.now();
  // What was ordered to end is due at once, and is taken back in this same sweep.
  await settled(ctx, "access-ends", "all", () => sweepAccessEnds(ctx, now));
  // Told before it is tried again: an alarm moves the record, and a turn that met it would have to look anew.
  let alarms = 0;
  await settled(ctx, "alarms", "all", async () => {
    alarms = await alarmOverdue(ctx, now);
  });
  const [grants, reconciledInstances, lapsedRequests] = await Promise.all([
    sweepGrants(ctx, now),
    reconcileDue(ctx, now),
    lapseDue(ctx, now),
  ]);
  await recordSweep(ctx);
  return { ...grants, alarms, reconciledInstances, lapsedRequests };
}

/** How many were compared; one whose broker fails is looked at again in a minute. */
async function reconcileDue(ctx: SweepContext, now: Instant): Promise<number> {
  const waiting = await instancesToReconcile(ctx, now);
  let done = 0;
  const work = async () => {
    for (let instance = waiting.shift(); instance; instance = waiting.shift()) {
      const { id, networkId } = instance;
      if (await settled(ctx, "instance", id, () => ctx.brokers.reconcile(networkId, id))) done += 1;
    }
  };
  await Promise.all(Array.from({ length: instancesAtOnce }, work));
  return done;
}

async function lapseDue(ctx: SweepContext, now: Instant): Promise<number> {
  let lapsed = 0;
  for (const { id } of await listLapsingRequests(ctx, now, requestsPerShard)) {
    if (await settled(ctx, "request", id, () => lapseRequest(ctx, { id }))) lapsed += 1;
  }
  return lapsed;
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
