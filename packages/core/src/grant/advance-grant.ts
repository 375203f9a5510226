import { type Instant, sooner } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { beginRevocation } from "./begin-revocation.ts";
import { deleteSecret } from "./delete-secret.ts";
import { drain } from "./drain.ts";
import { arm, changeOf } from "./extend-attempt.ts";
import { findGrant, listDueRevocations } from "./grant.store.ts";
import { asSeen, type Grant, isGivenUp, isUrgent, needsArming } from "./grant.ts";
import { endOf } from "./grant-server.ts";
import { type CutOff, cutOffOf, isHeld } from "./held.ts";
import { provision } from "./provision-attempt.ts";
import { revoke } from "./revoke-attempt.ts";
import type { Errand, Slot } from "./slot.ts";
import { isEarly, isUnreachable, type Turn, waitForSlot, waitUntil } from "./turn.ts";
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
      revoke(inside, await beginRevocation(inside, { ...asSeen(grant), endedBy, ...because })),
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
      await deleteSecret(ctx, asSeen(grant));
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
