import { epochMs, type Instant, instantOf } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { activateGrant } from "./activate-grant.ts";
import { armGrant } from "./arm-grant.ts";
import { beginRevocation } from "./begin-revocation.ts";
import { failureOf } from "./failure-of.ts";
import { finishGrant } from "./finish-grant.ts";
import { findGrant } from "./grant.store.ts";
import { type Grant, isGivenUp, needsArming } from "./grant.ts";
import { accountOf, endOf, serverOf } from "./grant-server.ts";
import { isCutOff, isHeld } from "./held.ts";
import { settleLateAttempt } from "./late-attempt.ts";
import { quarantineGrant } from "./quarantine-grant.ts";
import { recordFailure } from "./record-failure.ts";
import { revokeAccount } from "./revoke-account.ts";
import { startGrant } from "./start-grant.ts";
import { isEarly, type Turn, waitFor, waitUntil } from "./turn.ts";
import { undoExtension } from "./undo-extension.ts";

export type { Turn } from "./turn.ts";

/** Looks at a grant as it is now and does what is due. Timer and sweeper call it as often as they like, also at the
 * same time: each move is conditional on what was looked at, and whoever comes second looks again. */
export async function advanceGrant(ctx: BrokerContext, grantId: Id<"grant">): Promise<Turn> {
  const grant = await findGrant(ctx, grantId);
  if (!grant) return { next: "done" };
  try {
    return await turn(ctx, grant);
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") return { next: "again" };
    throw error;
  }
}

async function turn(ctx: BrokerContext, grant: Grant): Promise<Turn> {
  const now = ctx.clock.now();
  if (isHeld(grant) && (await isCutOff(ctx, grant)))
    return revoke(ctx, await beginRevocation(ctx, { ...at(grant), endedBy: "administrator" }));
  switch (grant.state) {
    case "planned":
      return provision(ctx, grant);
    case "provisioning":
      if (isGivenUp(grant, now))
        return revoke(ctx, await beginRevocation(ctx, { ...at(grant), endedBy: "failure" }));
      if (isEarly(grant, now)) return waitUntil(grant.nextAttemptAt);
      return provision(ctx, grant);
    case "active":
      if (now >= endOf(grant))
        return revoke(ctx, await beginRevocation(ctx, { ...at(grant), endedBy: "expiry" }));
      if (needsArming(grant)) return arm(ctx, grant, now);
      return waitUntil(endOf(grant));
    case "revoking":
    case "quarantined":
      if (isEarly(grant, now)) return waitUntil(grant.nextAttemptAt);
      return revoke(ctx, grant);
    case "revoked":
    case "written-off":
      return { next: "done" };
  }
}

/** Intent first: the end is on record before the database is touched, and the grant is read again after. */
async function provision(ctx: BrokerContext, before: Grant): Promise<Turn> {
  // Looking which server it is touches nothing; that it was this one is on record before anything is made there.
  const [found] = await Promise.allSettled([serverOf(ctx, before)]);
  const grant = await startGrant(ctx, {
    ...at(before),
    ...(found.status === "fulfilled" ? { server: found.value.place } : {}),
  });
  const attempt = async () => {
    if (found.status === "rejected") throw found.reason;
    const server = found.value;
    const password = await ctx.grantSecrets.create(
      grant.secretName,
      {
        engine: server.engine,
        ...server.address,
        dbname: grant.database.name,
        username: grant.account,
        password: ctx.newPassword(),
      },
      grant.id,
    );
    const plan = { ...planOf(grant), expiresAtMs: epochMs(endOf(grant)) };
    const account = await server.provision(plan, password);
    await server.verifyLogin(plan, password);
    return account;
  };
  const outcome = await attempt().then(
    (account) => ({ account }),
    (error: unknown) => ({ error }),
  );
  const latest = await findGrant(ctx, grant.id);
  if (!latest || latest.version !== grant.version) return settleLateAttempt(ctx, latest ?? grant);
  if ("error" in outcome) {
    ctx.log.warn("provisioning failed", { grantId: grant.id, ...failureOf(outcome.error) });
    return waitFor(
      await recordFailure(ctx, {
        ...at(grant),
        step: "provision",
        random: ctx.random(),
        ...failureOf(outcome.error),
      }),
    );
  }
  const active = await activateGrant(ctx, {
    ...at(grant),
    notGranted: outcome.account.notGranted.slice(0, 100),
    deadManSwitch: outcome.account.deadManSwitch,
    ...(outcome.account.serverId === undefined ? {} : { serverId: outcome.account.serverId }),
  });
  return waitUntil(endOf(active));
}

/** Tells the database the later end. Where it did not learn of it before the earlier one, it is told that one again,
 * and only then the extension is undone: an attempt whose answer was lost may have reached it after all. */
async function arm(ctx: BrokerContext, grant: Grant, now: Instant): Promise<Turn> {
  const { databaseEndsAt = endOf(grant) } = grant;
  const isTooLate = now >= databaseEndsAt && endOf(grant) > databaseEndsAt;
  const next = isTooLate ? endOf(grant) : databaseEndsAt;
  if (isEarly(grant, now)) return waitUntil(sooner(grant.nextAttemptAt, next));
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
    const failing = await recordFailure(ctx, { ...at(grant), ...failure });
    return waitUntil(sooner(failing.nextAttemptAt ?? now, next));
  }
  if (isTooLate) {
    await undoExtension(ctx, at(grant));
    return { next: "again" };
  }
  return waitUntil(endOf(await armGrant(ctx, at(grant))));
}

async function revoke(ctx: BrokerContext, grant: Grant): Promise<Turn> {
  try {
    const revocation = await revokeAccount(ctx, grant);
    if (revocation.status === "quarantined") {
      const { reason, blockers, remedy } = revocation;
      const message = revocation.loginDenied
        ? `Login is denied and ${revocation.sessionsLeft === 0 ? "no session is" : `${revocation.sessionsLeft} sessions are`} left, but the account cannot be dropped yet.`
        : "The account could not be denied login yet.";
      ctx.log.error("grant quarantined", { grantId: grant.id, reason });
      return waitFor(
        await quarantineGrant(ctx, {
          ...at(grant),
          reason,
          message,
          loginDenied: revocation.loginDenied,
          blockers: blockers.slice(0, 50).map((text) => text.slice(0, 500)),
          remedy: remedy.slice(0, 50).map((text) => text.slice(0, 2000)),
          random: ctx.random(),
        }),
      );
    }
    await ctx.grantSecrets.delete(grant.secretName);
    await finishGrant(ctx, {
      ...at(grant),
      absentAt: instantOf(revocation.checkedAtMs),
      sessionsEnded: revocation.sessionsEnded,
      keptObjects: revocation.keptObjects.slice(0, 50),
    });
    return { next: "done" };
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") throw error;
    ctx.log.error("revocation failed", { grantId: grant.id, ...failureOf(error) });
    return waitFor(
      await recordFailure(ctx, { ...at(grant), step: "revoke", random: ctx.random(), ...failureOf(error) }),
    );
  }
}

const at = (grant: Grant) => ({ id: grant.id, version: grant.version });
const planOf = (grant: Grant) => ({
  name: grant.account,
  grantId: grant.id,
  database: grant.database.name,
  level: grant.level,
  scope: grant.scope,
});

function sooner(one: Instant, other: Instant | undefined): Instant {
  return other !== undefined && other < one ? other : one;
}
