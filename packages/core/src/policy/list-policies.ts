import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
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
  decide: (_ctx, _input, { policies, names }): { result: { items: PolicyView[] } } => ({
    result: {
      items: policies
        .map((policy) => viewOfPolicy(policy, names))
        .toSorted((one, other) => one.policy.name.localeCompare(other.policy.name, "en")),
    },
  }),
});
