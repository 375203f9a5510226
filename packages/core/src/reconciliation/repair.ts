import type { Instance } from "../catalog/instance.ts";
import type { AccountRef, AccountServer, BrokerContext } from "../grant/account-engine.port.ts";
import { alarmGrant } from "../grant/alarm-grant.ts";
import { boundedRemedy } from "../grant/bounded-remedy.ts";
import { failureOf } from "../grant/failure-of.ts";
import { findGrant } from "../grant/grant.store.ts";
import { asSeen, type Grant, needsArming } from "../grant/grant.ts";
import type { AlarmCause } from "../grant/grant.view.ts";
import { endOf } from "../grant/grant-server.ts";
import { settleLateAttempt } from "../grant/late-attempt.ts";
import { epochMs } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Finding } from "./compare.ts";
import type { Orphan } from "./orphan.store.ts";
import type { Difference } from "./reconciliation.view.ts";
import { recordOrphan } from "./record-orphan.ts";

type At = {
  server: AccountServer;
  instance: Instance;
  orphan: Orphan | undefined;
  /** How many are told together with this one; undefined for those. */
  others: number | undefined;
};
type Done = Pick<Difference, "action"> & Partial<Pick<Difference, "message" | "dropAfter" | "remedy">>;

/** A difference of a dry run. */
export function untouched(
  { kind, account, grantId, message, found }: Finding,
  orphan: Orphan | undefined,
): Difference {
  const dropAfter = kind === "unknown" ? (orphan?.dropAfter ?? null) : null;
  const remedy = kind === "extra-right" ? [...(found?.remedy ?? [])] : [];
  return bounded({ kind, account, grantId, message, action: "none", dropAfter, remedy });
}

/** Puts right what may be put right of one difference, and says what was done. What fails is tried again with the next
 * comparison; the others go on. */
export async function repair(ctx: BrokerContext, at: At, finding: Finding): Promise<Difference> {
  const bare = untouched(finding, at.orphan);
  try {
    return bounded({ ...bare, ...(await act(ctx, at, finding)) });
  } catch (error) {
    if (!(error instanceof Error) || (!(error instanceof DomainError) && error.name !== "EngineError"))
      throw error;
    const { message, blockers, remedy } = failureOf(error);
    ctx.log.error("a difference could not be put right", { kind: bare.kind, account: bare.account, message });
    const sentence = [bare.message, message, ...blockers].join(" ").slice(0, 1000);
    return bounded({ ...bare, action: "failed", message: sentence, remedy });
  }
}

/** A hundred of them are one record, which has its limit. */
function bounded(difference: Difference): Difference {
  const remedy = boundedRemedy(difference.remedy, { statements: 6, characters: 1200 });
  return { ...difference, message: difference.message.slice(0, 500), remedy };
}

async function act(
  ctx: BrokerContext,
  at: At,
  { kind, account, grantId, grant, found, message }: Finding,
): Promise<Done> {
  if (grantId === null) return { action: "none" };
  const ref: AccountRef = {
    name: account,
    grantId,
    ...(found?.serverId === undefined ? {} : { serverId: found.serverId }),
  };
  switch (kind) {
    case "unknown":
      return unknown(ctx, at, ref, {
        ...ref,
        grantId,
        isClosed: found?.canLogin === false && found.sessions === 0,
      });
    case "not-dropped":
      if (grant) await alarm(ctx, at, grant, "reappeared", message);
      return take(at, ref, "revoked");
    case "missing":
      if (grant) await alarm(ctx, at, grant, "missing", message);
      return { action: "alarm" };
    case "wrong-expiry":
      return grant ? setExpiry(ctx, at, ref, grant) : { action: "none" };
    case "denied":
    case "extra-right":
      if (grant) await alarm(ctx, at, grant, "altered", message);
      return { action: "alarm" };
    case "renamed":
    case "marker-mismatch":
      return { action: "none" };
  }
}

/** Announced, then closed; dropped once the grace period is over, in which the ledger could have been put right. */
async function unknown(
  ctx: BrokerContext,
  at: At,
  ref: AccountRef,
  { name: account, grantId, isClosed }: { name: string; grantId: Grant["id"]; isClosed: boolean },
): Promise<Done> {
  const instanceId = at.instance.id;
  const known = at.orphan;
  if (known && ctx.clock.now() >= known.dropAfter) {
    const done = await take(at, ref, "dropped");
    if (done.action === "dropped")
      await recordOrphan(ctx, { outcome: "dropped", instanceId, account, grantId });
    return { ...done, dropAfter: known.dropAfter };
  }
  const orphan =
    known ??
    (await recordOrphan(ctx, {
      outcome: "found",
      instanceId,
      account,
      grantId,
      quiet: at.others === undefined,
      others: at.others ?? 0,
    }));
  if (!known || !isClosed) await at.server.denyLogin(ref);
  return { action: "quarantined", dropAfter: orphan.dropAfter };
}

async function take({ server }: At, ref: AccountRef, action: "dropped" | "revoked"): Promise<Done> {
  const revocation = await server.revoke(ref);
  if (revocation.status === "absent") return { action };
  const state = revocation.loginDenied ? "Its login is denied, but it" : "It";
  const message = `${state} cannot be dropped yet: ${revocation.blockers.join("; ")}.`.slice(0, 1000);
  return { action: "failed", message, remedy: revocation.remedy };
}

/** An extension that is on its way sets the end itself; one that came meanwhile is told again. */
async function setExpiry(ctx: BrokerContext, { server }: At, ref: AccountRef, grant: Grant): Promise<Done> {
  const now = await findGrant(ctx, grant.id);
  if (now?.state !== "active" || needsArming(now) || endOf(now) !== endOf(grant)) return { action: "none" };
  await server.setExpiry(ref, epochMs(endOf(now)));
  const latest = await findGrant(ctx, grant.id);
  if (latest && latest.version !== now.version) await settleLateAttempt(ctx, latest);
  return { action: "expiry-set" };
}

/** Once for each cause; somebody who moved the grant in this moment is seen by the next comparison. */
async function alarm(
  ctx: BrokerContext,
  { others }: At,
  grant: Grant,
  cause: AlarmCause,
  message: string,
): Promise<void> {
  if (grant.alarms?.[cause]) return;
  try {
    const told = { message, others: others ?? 0, quiet: others === undefined };
    await alarmGrant(ctx, { ...asSeen(grant), cause, ...told });
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== "conflict") throw error;
  }
}
