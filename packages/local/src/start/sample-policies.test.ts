import { policyDocumentSchema } from "@daypass/core/policy/policy.ts";
import { expect, test } from "vitest";
import { samplePolicies, samplePoliciesOfMariadb } from "./sample-policies.ts";

test("every sample policy is a valid document under a name of its own", () => {
  const all = [...samplePolicies, ...samplePoliciesOfMariadb];
  for (const policy of all) expect(policyDocumentSchema.safeParse(policy).error).toBeUndefined();
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
