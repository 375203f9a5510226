import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { listPolicies, viewOfPolicy } from "./policy.store.ts";
import type { PolicyView } from "./policy.view.ts";

/** All policies, by name. */
export const listAllPolicies = operation({
  name: "policy.list",
  input: z.strictObject({}),
  load: async (ctx: Context) => ({
    facts: { what: "policy" },
    policies: await listPolicies(ctx),
  }),
  decide: (_ctx, _input, { policies }): { result: { items: PolicyView[] } } => ({
    result: {
      items: policies
        .map(viewOfPolicy)
        .toSorted((one, other) => one.policy.name.localeCompare(other.policy.name, "en")),
    },
  }),
});
