import { z } from "zod";
import { actingUser } from "../identity/acting-user.ts";
import { policyUser } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { listPolicies } from "../policy/policy.store.ts";
import { loadCatalog, type Target } from "./catalog.store.ts";
import { inOrder } from "./database-order.ts";
import { presentDatabases } from "./present-databases.ts";
import { slice } from "./slice.ts";

/** Every database that is offered, with what the reader may ask for and why not; administrators and auditors also
 * see those that are gone. Each word of `q` has to be in a name, an environment or a label. */
export const listDatabases = operation({
  name: "database.list",
  input: z.strictObject({
    q: z.string().trim().max(200).optional(),
    ...pageInput,
  }),
  load: async (ctx: Context) => {
    const [catalog, policies] = await Promise.all([loadCatalog(ctx), listPolicies(ctx)]);
    return { facts: { what: "database" }, reader: actingUser(ctx), catalog, policies };
  },
  decide: async (ctx, { q, ...paging }, { reader, catalog, policies }) => {
    const seesAll = reader.roles.some((role) => role !== "member");
    const found = [...catalog.databases.values()]
      .filter((target) => (seesAll || target.offered) && contains(target, q ?? ""))
      .toSorted(inOrder);
    const page = slice(found, (target) => target.database.id, paging);
    const user = policyUser(reader);
    const items = await presentDatabases(ctx, page.items, catalog.inspections, policies, user);
    return { result: { ...page, items } };
  },
});

export function contains({ database, instance, environment }: Target, q: string): boolean {
  const labels = Object.entries(instance.labels).map(([name, value]) => `${name}=${value}`);
  const text = [database.name, instance.name, environment.name, ...labels].join("\n").toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
