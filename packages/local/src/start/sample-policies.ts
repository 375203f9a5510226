import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";

/** What the sample company lets its people do: enough to show approval, automatic access, and refusal. */
export const samplePolicies: readonly PolicyDocumentInput[] = [
  {
    name: "Engineers work in staging",
    description: "Reading and writing in staging needs nobody's approval, for up to a working day.",
    effect: "allow",
    who: { groups: ["engineers"] },
    on: { environments: ["staging"] },
    may: { levels: ["read", "write", "ddl"], export: true },
    for: { maxDurationMinutes: 480, maxTotalMinutes: 1440 },
    approval: [],
  },
  {
    name: "Analysts read staging",
    description: "Analysts may read staging at any time.",
    effect: "allow",
    who: { groups: ["analysts"] },
    on: { environments: ["staging"] },
    may: { levels: ["read"], export: true },
    for: { maxDurationMinutes: 1440 },
    approval: [],
  },
  {
    name: "The shop in production, with a lead's approval",
    description: "Engineers and analysts may read the shop in production once a team lead approved.",
    effect: "allow",
    who: { groups: ["engineers", "analysts"] },
    on: { environments: ["production"], databases: ["shop"], protected: true },
    may: { levels: ["read"] },
    for: { maxDurationMinutes: 480, maxTotalMinutes: 1440 },
    approval: [{ name: "Team lead", count: 1, groups: ["leads"] }],
  },
  {
    name: "Changes in production, with two approvals",
    description: "Writing to the shop in production needs a team lead and then an administrator.",
    effect: "allow",
    who: { groups: ["engineers"] },
    on: { environments: ["production"], databases: ["shop"], protected: true },
    may: { levels: ["write"] },
    for: { maxDurationMinutes: 120, maxTotalMinutes: 240 },
    approval: [
      { name: "Team lead", count: 1, groups: ["leads"] },
      { name: "Administrator", count: 1, groups: ["administrators"] },
    ],
  },
  {
    name: "Leads in an emergency",
    description: "A team lead may open the shop in production at once for an hour; everybody is told.",
    effect: "allow",
    who: { groups: ["leads"] },
    on: { environments: ["production"], databases: ["shop"], protected: true },
    may: { levels: ["read", "write"], breakGlass: { maxDurationMinutes: 60 } },
    for: { maxDurationMinutes: 120 },
    approval: [{ name: "Administrator", count: 1, groups: ["administrators"] }],
  },
  {
    name: "Nobody changes the payroll by hand",
    description: "Salaries are changed in the payroll application alone.",
    effect: "deny",
    who: { everyone: true },
    on: { databases: ["payroll"], protected: true },
    may: { levels: ["write"] },
  },
];

/** Comes with the instance that MariaDB adds. */
export const samplePoliciesOfMariadb: readonly PolicyDocumentInput[] = [
  {
    name: "The help desk in production, with a lead's approval",
    description: "Engineers and analysts may work with the help desk's data once a team lead approved.",
    effect: "allow",
    who: { groups: ["engineers", "analysts"] },
    on: { environments: ["production"], databases: ["helpdesk"], protected: true },
    may: { levels: ["read", "write"] },
    for: { maxDurationMinutes: 240, maxTotalMinutes: 480 },
    approval: [{ name: "Team lead", count: 1, groups: ["leads"] }],
  },
];
