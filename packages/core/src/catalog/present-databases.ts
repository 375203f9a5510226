import type { Context } from "../kernel/context.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicyUser } from "../policy/question.ts";
import { askableViews } from "./askable-view.ts";
import type { Catalog, Target } from "./catalog.store.ts";
import type { DatabaseView } from "./catalog.view.ts";
import { countLiveGrantsOf } from "./live-grants.ts";

/** Databases as one person sees them. */
export async function presentDatabases(
  ctx: Pick<Context, "table" | "clock">,
  targets: readonly Target[],
  inspections: Catalog["inspections"],
  policies: readonly Policy[],
  reader: PolicyUser,
): Promise<DatabaseView[]> {
  const [askable, counts] = await Promise.all([
    askableViews(ctx, policies, reader, targets),
    countLiveGrantsOf(
      ctx,
      targets.map((target) => target.database.id),
    ),
  ]);
  return targets.map(({ ref, instance, database }, index) => ({
    ...ref,
    labels: { ...instance.labels },
    askable: askable[index] ?? [],
    liveGrantCount: counts.get(database.id) ?? 0,
    health: inspections.get(instance.id)?.health ?? "unknown",
    present: database.present,
  }));
}
