import { z } from "zod";
import { loadCatalog } from "../catalog/catalog.store.ts";
import type { Instance } from "../catalog/instance.ts";
import { findComparisonDue } from "../catalog/last-plan.store.ts";
import { actingUser } from "../identity/acting-user.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { failReconciliation } from "./fail-reconciliation.ts";
import { presentReconciliation } from "./present-reconciliation.ts";
import type { ReconciliationContext } from "./reconciliation.port.ts";
import { findReconciliation, savingReconciliation } from "./reconciliation.store.ts";
import { begunReconciliation, isRunning } from "./reconciliation.ts";
import { reconciliationModeSchema } from "./reconciliation.view.ts";

/** Begins a comparison of the ledger with the accounts on an instance; the broker of its network does the rest. */
export const startReconciliation = operation({
  name: "instance.reconcile",
  input: z.strictObject({ id: idSchema("instance"), mode: reconciliationModeSchema }),
  load: async (ctx: ReconciliationContext, { id }) => {
    const [catalog, before, due] = await Promise.all([
      loadCatalog(ctx),
      findReconciliation(ctx, id),
      findComparisonDue(ctx, id),
    ]);
    const instance = catalog.instances.get(id);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, catalog, instance, before, due };
  },
  decide: (ctx, { id, mode }, { catalog, instance, before, due }) => {
    const startedAt = ctx.clock.now();
    if (isRunning(before, startedAt)) {
      throw conflict("reconciliation.running", "This instance is being compared right now.");
    }
    const run = ctx.ids.ulid();
    const startedBy = actingUser(ctx).name;
    const reconciliation = begunReconciliation(before, { instanceId: id, run, mode, startedAt, startedBy });
    const view = presentReconciliation(catalog, instance, reconciliation, due?.compareAt, startedAt);
    if (!view) throw notFound("instance");
    return {
      result: view,
      writes: [savingReconciliation(ctx, reconciliation)],
      event: { subjectId: id, data: { name: instance.name, run, mode } },
      after: () => start(ctx, instance, `${id}-${run}`),
    };
  },
});

async function start(ctx: ReconciliationContext, instance: Instance, executionName: string): Promise<void> {
  try {
    await ctx.workflows.startReconciliation(instance, executionName);
  } catch (error) {
    const system = { ...ctx, actor: { kind: "system", name: "workflow" } as const };
    await failReconciliation(system, instance.id, "The comparison could not be started; try again.");
    throw error;
  }
}
