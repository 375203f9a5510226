import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { type Catalog, loadCatalog } from "./catalog.store.ts";
import type { Instance } from "./instance.ts";
import { presentInstances } from "./present-instances.ts";
import { slice } from "./slice.ts";

/** Instances by environment, lowest first, then by name. */
export const listAllInstances = operation({
  name: "instance.list",
  input: z.strictObject(pageInput),
  load: async (ctx: Context) => ({ facts: { what: "instance" }, catalog: await loadCatalog(ctx) }),
  decide: async (ctx, paging, { catalog }) => {
    const page = slice(sorted(catalog), (instance) => instance.id, paging);
    return { result: { ...page, items: await presentInstances(ctx, catalog, page.items) } };
  },
});

function sorted({ instances, environments }: Catalog): Instance[] {
  const rank = (instance: Instance) => environments.get(instance.environmentId)?.rank ?? 0;
  return [...instances.values()].toSorted(
    (one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, "en"),
  );
}
