import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { findReconciliation } from "./reconciliation.store.ts";
import { recordReconciliation } from "./record-reconciliation.ts";

/** Ends the run that is under way, if one is, with a sentence that says why. For the workflow's last resort too. */
export async function failReconciliation(
  ctx: Context,
  instanceId: Id<"instance">,
  error = "The comparison failed for a reason that only the log of the broker tells.",
): Promise<void> {
  const reconciliation = await findReconciliation(ctx, instanceId);
  if (reconciliation?.status !== "running") return;
  const { run, mode, startedAt, version } = reconciliation;
  await recordReconciliation(ctx, { outcome: "failed", instanceId, run, mode, startedAt, version, error });
}
