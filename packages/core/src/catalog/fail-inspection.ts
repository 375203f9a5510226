import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { findInspection } from "./inspection.store.ts";
import { recordInspection } from "./record-inspection.ts";

/** Ends the run that is under way, if one is, with a sentence that says why. For the workflow's last resort too. */
export async function failInspection(
  ctx: Context,
  instanceId: Id<"instance">,
  error = "The inspection failed for a reason that only the log of the broker tells.",
): Promise<void> {
  const inspection = await findInspection(ctx, instanceId);
  if (inspection?.status !== "running") return;
  await recordInspection(ctx, { outcome: "failed", instanceId, run: inspection.run, error });
}
