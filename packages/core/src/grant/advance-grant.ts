import { epochMs, type Instant, instantOf } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { activateGrant } from "./activate-grant.ts";
import { armGrant } from "./arm-grant.ts";
import { beginRevocation } from "./begin-revocation.ts";
import { deleteSecret } from "./delete-secret.ts";
import { drain } from "./drain.ts";
import { failureOf } from "./failure-of.ts";
import { finishGrant } from "./finish-grant.ts";
import { findGrant, listDueRevocations } from "./grant.store.ts";
import { type Grant, isGivenUp, isUrgent, needsArming } from "./grant.ts";
import { accountOf, endOf, serverOf, serverToBe } from "./grant-server.ts";
import { type CutOff, cutOffOf, isHeld } from "./held.ts";
import { settleLateAttempt } from "./late-attempt.ts";
import { quarantineGrant } from "./quarantine-grant.ts";
import { recordFailure } from "./record-failure.ts";
import { revokeAccount } from "./revoke-account.ts";
import type { Errand, Slot } from "./slot.ts";
import { startGrant } from "./start-grant.ts";
import { isEarly, isUnreachable, type Turn, waitFor, waitForServer, waitForSlot, waitUntil } from "./turn.ts";
import { undoExtension } from "./undo-extension.ts";
import { visiting } from "./visit.ts";

export type { Turn } from "./turn.ts";

/** Looks at a grant as it is now and does what is due. Timer and sweeper call it as often as they like, also at the
 * same time: each move is conditional on what was looked at, and whoever comes second looks again. The server is touched
 * by who holds one of its slots alone; whoever took an account back there goes on with the others that are due. */
export async function advanceGrant(ctx: BrokerContext, grantId: Id<"grant">): Promise<Turn> {
  const grant = await findGrant(ctx, grantId);
  if (!grant) return { next: "done" };
  try {
    const due = await dueOf(ctx, grant);
    if ("next" in due) return due;
    const instanceId = grant.database.instance.id;
    const visit = await visiting(ctx, instanceId, due.errand, async (inside, slot) => {
      const turn = await due.run(inside);
      if (due.errand === "other" || isUnreachable(turn)) return { turn, isDrained: false };
      return { turn, isDrained: await drainBeside(inside, instanceId, slot) };
    });
    if (visit?.result.isDrained) await lookBehind(ctx, instanceId);
    if (visit) return visit.result.turn;
    const errand = isUrgent(grant) ? "urgent" : due.errand;
    return waitForSlot(errand, ctx.clock.now(), due.since, ctx.random());
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") return { next: "again" };
    throw error;
  }
}

/** Something to be done at the server, for which one of its slots is needed. `since` is when it could first be done. */
type Due = { errand: Errand; since: Instant; run(ctx: BrokerContext): Promise<Turn> };

async function dueOf(ctx: BrokerContext, grant: Grant): Promise<Turn | Due> {
  const now = ctx.clock.now();
  const ending = (
    endedBy: "expiry" | "failure" | "administrator",
    since: Instant,
    because: CutOff = {},
  ): Due => ({
    errand: "revoke",
    since,
    run: async (inside) =>
      revoke(inside, await beginRevocation(inside, { ...at(grant), endedBy, ...because })),
  });
  if (grant.state === "active" && now >= endOf(grant)) return ending("expiry", endOf(grant));
  const cutOff = isHeld(grant) ? await cutOffOf(ctx, grant) : undefined;
  if (cutOff) return ending("administrator", now, cutOff);
  switch (grant.state) {
    case "planned":
      return { errand: "other", since: grant.createdAt, run: (inside) => provision(inside, grant) };
    case "provisioning":
      if (isGivenUp(grant, now)) return ending("failure", now);
      if (isEarly(grant, now)) return waitUntil(grant.nextAttemptAt);
      return {
        errand: "other",
        since: grant.nextAttemptAt ?? now,
        run: (inside) => provision(inside, grant),
      };
    case "active":
      if (!needsArming(grant)) return waitUntil(endOf(grant));
      if (isEarly(grant, now)) return waitUntil(sooner(grant.nextAttemptAt, changeOf(grant, now).next));
      return { errand: "other", since: grant.nextAttemptAt ?? now, run: (inside) => arm(inside, grant, now) };
    case "revoking":
    case "quarantined":
      if (isEarly(grant, now)) return waitUntil(grant.nextAttemptAt);
      return {
        errand: "revoke",
        since: grant.nextAttemptAt ?? endOf(grant),
        run: (inside) => revoke(inside, grant),
      };
    case "written-off":
      if (grant.writtenOff?.secretDeletedAt) return { next: "done" };
      await ctx.grantSecrets.delete(grant.secretName);
      await deleteSecret(ctx, at(grant));
      return { next: "done" };
    case "revoked":
      return { next: "done" };
  }
}

function drainBeside(ctx: BrokerContext, instanceId: Id<"instance">, slot: Slot): Promise<boolean> {
  return drain(ctx, instanceId, slot, (listed) => revokeNext(ctx, listed));
}

/** Whoever found all slots taken, in the moment before this one was given back, counts on its holder. */
async function lookBehind(ctx: BrokerContext, instanceId: Id<"instance">): Promise<void> {
  const [due] = await listDueRevocations(ctx, instanceId, ctx.clock.now(), 1);
  if (due) await visiting(ctx, instanceId, "revoke", (inside, slot) => drainBeside(inside, instanceId, slot));
}

/** One that is due beside the grant that this turn is about; undefined when somebody else has moved it. */
async function revokeNext(ctx: BrokerContext, listed: Grant): Promise<Turn | undefined> {
  const grant = await findGrant(ctx, listed.id);
  if (grant?.version !== listed.version) return undefined;
  const due = await dueOf(ctx, grant);
  if ("next" in due || due.errand !== "revoke") return undefined;
  try {
    return await due.run(ctx);
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") return undefined;
    throw error;
  }
}

/** Intent first: the end is on record before the database is touched, and the grant is read again after. */
async function provision(ctx: BrokerContext, before: Grant): Promise<Turn> {
  // Looking which server it is touches nothing; that it was this one is on record before anything is made there.
  const [found] = await Promise.allSettled([serverToBe(ctx, before)]);
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
    const failure = failureOf(outcome.error);
    ctx.log.warn("provisioning failed", { grantId: grant.id, ...failure });
    const step = { step: "provision", random: ctx.random() } as const;
    const next = await recordFailure(ctx, { ...at(grant), ...step, ...failure });
    return failure.reason === "unreachable" ? waitForServer(next) : waitFor(next);
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
    const failing = await recordFailure(ctx, { ...at(grant), ...failure });
    return waitUntil(sooner(failing.nextAttemptAt ?? now, next));
  }
  if (isTooLate) {
    await undoExtension(ctx, at(grant));
    return { next: "again" };
  }
  return waitUntil(endOf(await armGrant(ctx, at(grant))));
}

function changeOf(grant: Grant, now: Instant) {
  const { databaseEndsAt = endOf(grant) } = grant;
  const isTooLate = now >= databaseEndsAt && endOf(grant) > databaseEndsAt;
  return { databaseEndsAt, isTooLate, next: isTooLate ? endOf(grant) : databaseEndsAt };
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
    const failure = failureOf(error);
    ctx.log.error("revocation failed", { grantId: grant.id, ...failure });
    const next = await recordFailure(ctx, { ...at(grant), step: "revoke", random: ctx.random(), ...failure });
    return failure.reason === "unreachable" ? waitForServer(next) : waitFor(next);
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
