import { z } from "zod";
import { loadCatalog } from "../catalog/catalog.store.ts";
import { findComparisonDue } from "../catalog/last-plan.store.ts";
import { slice } from "../catalog/slice.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { presentReconciliation } from "./present-reconciliation.ts";
import { listReconciliations } from "./reconciliation.store.ts";

/** The last comparison of ledger and accounts of every instance, by the instance's name. */
export const listAllReconciliations = operation({
  name: "reconciliation.list",
  input: z.strictObject(pageInput),
  load: async (ctx: Context, paging) => {
    const [catalog, known] = await Promise.all([loadCatalog(ctx), listReconciliations(ctx)]);
    const sorted = [...catalog.instances.values()].toSorted((one, other) =>
      one.name.localeCompare(other.name, "en"),
    );
    const page = slice(sorted, (instance) => instance.id, paging);
    const due = await Promise.all(page.items.map(({ id }) => findComparisonDue(ctx, id)));
    const now = ctx.clock.now();
    const items = page.items.flatMap((instance, index) => {
      const compareAt = due[index]?.compareAt;
      return presentReconciliation(catalog, instance, known.get(instance.id), compareAt, now) ?? [];
    });
    return { facts: { what: "reconciliation" }, page: { ...page, items } };
  },
  decide: (_ctx, _input, { page }) => ({ result: page }),
});
