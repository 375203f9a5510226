import { type Instant, minutesBetween } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { Difference, ReconciliationMode, ReconciliationView } from "./reconciliation.view.ts";

/** The last comparison of ledger and accounts on one instance. */
export type Reconciliation = {
  instanceId: Id<"instance">;
  /** Names one run; what another run finds out is not written over it. */
  run: string;
  mode: ReconciliationMode;
  status: "running" | "done" | "failed";
  startedAt: Instant;
  startedBy?: string;
  finishedAt?: Instant;
  accountCount?: number;
  grantCount?: number;
  /** Of the last run that finished. */
  differences: readonly Difference[];
  differenceCount: number;
  /** One sentence; never a credential. */
  error?: string;
  repairedAt?: Instant;
  /** When grants were last seen to live here. */
  lentAt?: Instant;
  version: number;
};

/** The workflow gives up long before; a run that is older was lost. */
const runningMinutes = 10;
/** How many differences are kept; their number is told in any case. */
export const differencesAtMost = 100;

export function isRunning(reconciliation: Reconciliation | undefined, now: Instant): boolean {
  return (
    reconciliation?.status === "running" && minutesBetween(reconciliation.startedAt, now) < runningMinutes
  );
}

/** A new run; what the last one found stays visible meanwhile. */
export function begunReconciliation(
  before: Reconciliation | undefined,
  begun: Pick<Reconciliation, "instanceId" | "run" | "mode" | "startedAt" | "startedBy">,
): Reconciliation {
  return {
    ...begun,
    status: "running",
    ...(before?.accountCount === undefined ? {} : { accountCount: before.accountCount }),
    ...(before?.grantCount === undefined ? {} : { grantCount: before.grantCount }),
    ...(before?.repairedAt ? { repairedAt: before.repairedAt } : {}),
    ...(before?.lentAt ? { lentAt: before.lentAt } : {}),
    differences: before?.differences ?? [],
    differenceCount: before?.differenceCount ?? 0,
    version: (before?.version ?? 0) + 1,
  };
}

/** Without the instance it belongs to. */
export function viewOfReconciliation(
  reconciliation: Reconciliation | undefined,
  nextAt: Instant | undefined,
  now: Instant,
): Omit<ReconciliationView, "instance" | "environment"> {
  const lost = reconciliation?.status === "running" && !isRunning(reconciliation, now);
  return {
    status: lost ? "failed" : (reconciliation?.status ?? "never"),
    mode: reconciliation?.mode ?? null,
    run: reconciliation?.run ?? null,
    startedBy: reconciliation?.startedBy ?? null,
    startedAt: reconciliation?.startedAt ?? null,
    finishedAt: reconciliation?.finishedAt ?? null,
    accountCount: reconciliation?.accountCount ?? null,
    grantCount: reconciliation?.grantCount ?? null,
    differences: [...(reconciliation?.differences ?? [])],
    differenceCount: reconciliation?.differenceCount ?? 0,
    error: lost ? "The comparison did not finish; start it again." : (reconciliation?.error ?? null),
    repairedAt: reconciliation?.repairedAt ?? null,
    nextAt: nextAt ?? null,
  };
}
