import { findInstance } from "../catalog/instance.store.ts";
import type { Instance } from "../catalog/instance.ts";
import { listLiveGrantsOfInstance } from "../catalog/live-grants.ts";
import type { AccountServer, BrokerContext, FoundAccount } from "../grant/account-engine.port.ts";
import { failureOf } from "../grant/failure-of.ts";
import { findGrantsNow } from "../grant/grant.store.ts";
import { type Grant, isLive } from "../grant/grant.ts";
import type { AlarmCause } from "../grant/grant.view.ts";
import { placeOf } from "../grant/grant-server.ts";
import { visiting } from "../grant/visit.ts";
import { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { compare, type Finding, namedGrant } from "./compare.ts";
import { listOrphans, type Orphan } from "./orphan.store.ts";
import { findReconciliation } from "./reconciliation.store.ts";
import { differencesAtMost, isRunning, type Reconciliation } from "./reconciliation.ts";
import type { Difference } from "./reconciliation.view.ts";
import { recordOrphan } from "./record-orphan.ts";
import { recordReconciliation } from "./record-reconciliation.ts";
import { repair, untouched } from "./repair.ts";

type Run = Pick<Reconciliation, "run" | "mode" | "startedAt" | "version">;

/** Compares the ledger with the accounts on an instance. A person's run is done as they began it; the sweeper's own puts
 * right what may be put right. What a person can mend is recorded as the run's failure, all else is thrown, to be tried
 * again. Repeating it does no harm. */
export async function runReconciliation(ctx: BrokerContext, instanceId: Id<"instance">): Promise<void> {
  const [instance, before] = await Promise.all([
    findInstance(ctx, instanceId),
    findReconciliation(ctx, instanceId),
  ]);
  const run = runOf(ctx, before);
  if (!instance || !run) return;
  try {
    const found = await inside(ctx, instanceId, (visitor) => reconcile(visitor, instance, run));
    if (!found) return;
    await recording(ctx, () =>
      recordReconciliation(ctx, {
        outcome: "found",
        instanceId,
        ...run,
        accountCount: found.accountCount,
        grantCount: found.grantCount,
        differenceCount: found.differences.length,
        differences: found.differences.slice(0, differencesAtMost),
      }),
    );
  } catch (error) {
    if (!isTold(error)) throw error;
    const { message, reason } = failureOf(error);
    ctx.log.warn("the comparison failed", { instanceId, reason, message });
    await recording(ctx, () =>
      recordReconciliation(ctx, { outcome: "failed", instanceId, ...run, error: message }),
    );
  }
}

/** Holds one of the server's slots meanwhile. The sweeper comes again in a minute; a person's run waits for one. */
async function inside<Result>(
  ctx: BrokerContext,
  instanceId: Id<"instance">,
  work: (ctx: BrokerContext) => Promise<Result>,
): Promise<Result | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const visit = await visiting(ctx, instanceId, "other", work);
    if (visit) return visit.result;
    if (isSweeper(ctx)) return undefined;
    if (attempt === slotAttempts) {
      throw new DomainError(
        "unavailable",
        "instance.busy",
        "All sessions that Daypass may have with this server are at work; start the comparison again.",
      );
    }
    await ctx.clock.sleep(2000);
  }
}
const slotAttempts = 15;

function isSweeper({ actor }: BrokerContext): boolean {
  return actor.kind === "system" && actor.name === "sweeper";
}

/** Undefined when there is nothing to do: a person's run that is over, or one that is under way. */
function runOf(ctx: BrokerContext, before: Reconciliation | undefined): Run | undefined {
  const now = ctx.clock.now();
  if (before && isRunning(before, now)) {
    const { run, mode, startedAt, version } = before;
    return isSweeper(ctx) ? undefined : { run, mode, startedAt, version };
  }
  if (!isSweeper(ctx)) return undefined;
  return { run: ctx.ids.ulid(), mode: "repair", startedAt: now, version: before?.version ?? 0 };
}

type Found = { accountCount: number; grantCount: number; differences: Difference[] };

async function reconcile(ctx: BrokerContext, instance: Instance, { mode }: Run): Promise<Found> {
  const server = await ctx.accountServer(instance);
  const place = await placeOf(server);
  const listed = await listLiveGrantsOfInstance(ctx, instance.id);
  const live = [...(await findGrantsNow(ctx, idsOf(listed))).values()].filter(isLive);
  const accounts = await server.listAccounts();
  const named = accounts.flatMap((account) => namedGrant(account) ?? []);
  const ledger = await findGrantsNow(ctx, named);
  const now = ctx.clock.now();
  const findings = compare({ instanceId: instance.id, place, accounts, live, ledger, now });
  const confirmed = await confirm(ctx, server, findings);
  const orphans = new Map((await listOrphans(ctx, instance.id)).map((one) => [one.account, one]));
  if (mode === "repair") await settleOrphans(ctx, orphans, findings, accounts);
  const news = Map.groupBy(
    confirmed.filter((finding) => isNews(finding, orphans.get(finding.account))),
    ({ kind }) => kind,
  );
  const differences: Difference[] = [];
  for (const finding of confirmed) {
    const orphan = orphans.get(finding.account);
    // Of many that were found at once one is told by mail, with the number of the others.
    const alike = news.get(finding.kind) ?? [];
    const others = finding === alike[0] ? alike.length - 1 : undefined;
    differences.push(
      mode === "repair"
        ? await repair(ctx, { server, instance, orphan, others }, finding)
        : untouched(finding, orphan),
    );
  }
  return { accountCount: accounts.length, grantCount: live.length, differences };
}

/** Nobody was told of it yet. */
function isNews({ kind, grant }: Finding, orphan: Orphan | undefined): boolean {
  if (kind === "unknown") return orphan === undefined;
  const cause = causes[kind];
  return cause !== undefined && grant?.alarms?.[cause] === undefined;
}
const causes: Partial<Record<Finding["kind"], AlarmCause>> = {
  missing: "missing",
  denied: "altered",
  "extra-right": "altered",
  "not-dropped": "reappeared",
};

/** What may have been on its way is looked at once more: accounts that were listed just before they were revoked, grants
 * that moved on meanwhile. */
async function confirm(
  ctx: BrokerContext,
  server: AccountServer,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const doubtful = findings.filter(({ kind }) => doubtfulKinds.includes(kind));
  if (doubtful.length === 0) return [...findings];
  const ledger = await findGrantsNow(
    ctx,
    doubtful.flatMap(({ grantId }) => grantId ?? []),
  );
  const there = new Set((await server.listAccounts()).map(({ name }) => name));
  const kept = findings.map(async (finding): Promise<Finding[]> => {
    const { kind, account, grantId, grant } = finding;
    if (!doubtful.includes(finding)) return [finding];
    const hasMoved = grantId !== null && ledger.get(grantId)?.version !== grant?.version;
    if (hasMoved) return [];
    if (kind !== "missing") return there.has(account) ? [finding] : [];
    if (finding.isElsewhere) return [finding];
    if (there.has(account)) return [];
    return [(await server.isAbsent(account)) ? finding : withoutMarker(finding)];
  });
  return (await Promise.all(kept)).flat();
}
const doubtfulKinds: readonly Finding["kind"][] = ["unknown", "not-dropped", "missing"];

/** Something has the name, and nothing shows that it is ours: it is reported and left alone. */
function withoutMarker(finding: Finding): Finding {
  return {
    ...finding,
    kind: "marker-mismatch",
    message: "Something has the name of this account, but not its marker: it cannot be proven to be ours.",
  };
}

/** Those that are there no more, or known to a ledger that was put right, wait for nothing. */
async function settleOrphans(
  ctx: BrokerContext,
  orphans: Map<string, Orphan>,
  findings: readonly Finding[],
  accounts: readonly FoundAccount[],
): Promise<void> {
  const unknown = new Set(findings.flatMap(({ kind, account }) => (kind === "unknown" ? [account] : [])));
  const there = new Set(accounts.map(({ name }) => name));
  for (const orphan of [...orphans.values()].filter(({ account }) => !unknown.has(account))) {
    const { instanceId, account, grantId } = orphan;
    const outcome = there.has(account) ? "known" : "gone";
    await recordOrphan(ctx, { outcome, instanceId, account, grantId });
    orphans.delete(account);
  }
}

/** A grant that is planned in that very moment makes the next comparison due: the record is written around it. */
async function recording(ctx: BrokerContext, record: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await record();
      return;
    } catch (error) {
      const isPlanned = error instanceof DomainError && error.code === "instance.just-granted";
      if (!isPlanned || attempt === recordAttempts) throw error;
      await ctx.clock.sleep(20 * attempt);
    }
  }
}
const recordAttempts = 5;

function isTold(error: unknown): boolean {
  if (error instanceof DomainError) return error.kind !== "conflict";
  return error instanceof Error && error.name === "EngineError";
}

function idsOf(grants: readonly Grant[]): Grant["id"][] {
  return grants.map(({ id }) => id);
}
