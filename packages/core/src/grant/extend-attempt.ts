import { epochMs, type Instant, sooner } from "../kernel/clock.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { armGrant } from "./arm-grant.ts";
import { failureOf } from "./failure-of.ts";
import { findGrant } from "./grant.store.ts";
import { asSeen, type Grant } from "./grant.ts";
import { accountOf, endOf, serverOf } from "./grant-server.ts";
import { settleLateAttempt } from "./late-attempt.ts";
import { recordFailure } from "./record-failure.ts";
import { type Turn, waitUntil } from "./turn.ts";
import { undoExtension } from "./undo-extension.ts";

/** Tells the database the later end. Where it did not learn of it before the earlier one, it is told that one again,
 * and only then the extension is undone: an attempt whose answer was lost may have reached it after all. */
export async function arm(ctx: BrokerContext, grant: Grant, now: Instant): Promise<Turn> {
  const { databaseEndsAt, isTooLate, next } = changeOf(grant, now);
  const tell = async () => {
    const server = await serverOf(ctx, grant);
    await server.setExpiry(accountOf(grant), epochMs(isTooLate ? databaseEndsAt : endOf(grant)));
  };
  const failure = await tell().then(
    () => undefined,
    (error: unknown) => ({ step: "extend" as const, random: ctx.random(), ...failureOf(error) }),
  );
  const latest = await findGrant(ctx, grant.id);
  if (!latest || latest.version !== grant.version) return settleLateAttempt(ctx, latest ?? grant);
  if (failure) {
    const failing = await recordFailure(ctx, { ...asSeen(grant), ...failure });
    return waitUntil(sooner(failing.nextAttemptAt ?? now, next));
  }
  if (isTooLate) {
    await undoExtension(ctx, asSeen(grant));
    return { next: "again" };
  }
  return waitUntil(endOf(await armGrant(ctx, asSeen(grant))));
}

export function changeOf(grant: Grant, now: Instant) {
  const { databaseEndsAt = endOf(grant) } = grant;
  const isTooLate = now >= databaseEndsAt && endOf(grant) > databaseEndsAt;
  return { databaseEndsAt, isTooLate, next: isTooLate ? endOf(grant) : databaseEndsAt };
}
