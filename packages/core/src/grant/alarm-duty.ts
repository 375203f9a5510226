import { type Instant, minutesBetween, plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import { alarmGrant } from "./alarm-grant.ts";
import { listLiveGrants } from "./grant.store.ts";
import { alarmAfterMinutes, asSeen, type Grant, isOverdue } from "./grant.ts";

/** Tells what should have been revoked five minutes ago (G6), whatever keeps it: broker, timer or server. Of many on one
 * instance one is told by mail, with the number of the others; each has its event. */
export async function alarmOverdue(ctx: Context, now: Instant): Promise<number> {
  const overdue = await listOverdue(ctx, now);
  const byInstance = Map.groupBy(overdue, (grant) => grant.database.instance.id);
  const raised = await Promise.all([...byInstance.values()].map((grants) => alarmAll(ctx, grants, now)));
  return raised.reduce((sum, count) => sum + count, 0);
}

/** Those that nobody was told of. Usually there is nothing to read; in an outage what was told before is read again. */
async function listOverdue(ctx: Context, now: Instant): Promise<Grant[]> {
  const endedBy = plusMinutes(now, -alarmAfterMinutes);
  const found: Grant[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost && found.length < alarmsAtMost; page += 1) {
    const read = await listLiveGrants(ctx, { endedBy, cursor, limit: 500 });
    found.push(...read.items.filter((grant) => isOverdue(grant, now)));
    if (read.nextCursor === null) break;
    cursor = read.nextCursor;
  }
  return found.slice(0, alarmsAtMost);
}

const pagesAtMost = 20;
/** In one sweep; the rest is told a minute later. */
const alarmsAtMost = 300;

async function alarmAll(ctx: Context, grants: readonly Grant[], now: Instant): Promise<number> {
  let raised = 0;
  for (const [index, grant] of grants.entries()) {
    const told = {
      message: messageOf(grant, now),
      others: index === 0 ? grants.length - 1 : 0,
      quiet: index > 0,
    };
    try {
      await alarmGrant(ctx, { ...asSeen(grant), cause: "not-revoked", ...told });
      raised += 1;
    } catch (error) {
      // It moved in this moment; if it is still there in a minute it is told then.
      if (error instanceof DomainError && error.kind === "conflict") continue;
      ctx.log.error("an alarm could not be raised", { grantId: grant.id, error: nameOf(error) });
    }
  }
  return raised;
}

function messageOf({ endsAt, createdAt, failure, state }: Grant, now: Instant): string {
  const late = Math.floor(minutesBetween(endsAt ?? createdAt, now));
  const why =
    failure?.step === "revoke"
      ? failure.message
      : `Nobody has looked at it: it is still ${state}. Do timer and sweeper run, and can the broker be called?`;
  return `Not revoked ${late} minutes after its end. ${why}`.slice(0, 1000);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
