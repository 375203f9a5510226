import { policyDocumentSchema } from "@daypass/core/policy/policy.ts";
import { expect, test } from "vitest";
import { samplePolicies } from "./sample-policies.ts";

test("every sample policy is a valid document under a name of its own", () => {
  for (const policy of samplePolicies) expect(policyDocumentSchema.safeParse(policy).error).toBeUndefined();
  expect(new Set(samplePolicies.map(({ name }) => name)).size).toBe(samplePolicies.length);
});
