import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";

export const engineersRead: PolicyDocumentInput = {
  name: "Engineers read staging",
  effect: "allow",
  who: { groups: ["engineers"] },
  may: { levels: ["read"] },
  on: { environments: ["staging"] },
  for: { maxDurationMinutes: 240 },
  approval: [{ count: 1, groups: ["leads"] }],
};

export const nobodyPayroll: PolicyDocumentInput = {
  name: "Nobody on payroll",
  effect: "deny",
  who: { everyone: true },
  may: { levels: ["read"] },
  on: { databases: ["payroll"] },
};
