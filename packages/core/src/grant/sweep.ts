import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { lapseRequest } from "../request/lapse-request.ts";
import { listLapsingRequests } from "../request/request.store.ts";
import { recordSweep } from "./sweep.store.ts";
import { sweepGrants } from "./sweep-grants.ts";
import type { Turn } from "./turn.ts";

/** The sweeper calls brokers; it touches no database itself. */
export type SweepContext = Context & {
  /** The answer of the broker; undefined where it is not known. */
  brokers: { turn(networkId: Id<"network">, grantId: Id<"grant">): Promise<Turn | undefined> };
  /** When this invocation is stopped. */
  limits: { endsAt: Instant };
};

export type SweepReport = { grants: number; failedGrants: number; lapsedRequests: number };

const requestsPerShard = 50;

/** Every minute: grants that something should have been done about, and requests past their deadline.
 * It needs neither timer nor stream, only the table. */
export async function sweep(ctx: SweepContext): Promise<SweepReport> {
  const now = ctx.clock.now();
  const [grants, lapsedRequests] = await Promise.all([sweepGrants(ctx, now), lapseDue(ctx, now)]);
  await recordSweep(ctx);
  return { ...grants, lapsedRequests };
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
