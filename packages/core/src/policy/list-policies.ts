import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { approvalOfPolicy, stuckFinder } from "./find-stuck.ts";
import { listPolicies, viewOfPolicy } from "./policy.store.ts";
import type { PolicyView } from "./policy.view.ts";
import { loadTargetNames } from "./target-names.ts";

/** All policies, by name. */
export const listAllPolicies = operation({
  name: "policy.list",
  input: z.strictObject({}),
  load: async (ctx: Context) => {
    const [policies, names] = await Promise.all([listPolicies(ctx), loadTargetNames(ctx)]);
    return { facts: { what: "policy" }, policies, names };
  },
  decide: async (ctx, _input, { policies, names }): Promise<{ result: { items: PolicyView[] } }> => {
    const find = stuckFinder(ctx);
    const items: PolicyView[] = [];
    for (const policy of policies) {
      items.push(viewOfPolicy(policy, names, await find(approvalOfPolicy(policy.document))));
    }
    items.sort((one, other) => one.policy.name.localeCompare(other.policy.name, "en"));
    return { result: { items } };
  },
});
