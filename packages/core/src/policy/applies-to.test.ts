import { expect, test } from "vitest";
import { appliesTo } from "./applies-to.ts";
import { policyDocumentSchema } from "./policy.ts";

const target = {
  environment: { id: "env_1", name: "staging" },
  instance: { id: "ins_1", name: "shop-staging" },
  database: { id: "dbs_1", name: "shop" },
  labels: { team: "shop" },
  protected: false,
};
const policy = (fields: object) =>
  policyDocumentSchema.parse({
    name: "p",
    effect: "allow",
    who: { groups: ["engineers"] },
    may: { levels: ["write"] },
    on: {},
    for: { maxDurationMinutes: 60 },
    approval: [],
    ...fields,
  });
const applies = (fields: object, to = target) => appliesTo(policy(fields), to, 0);

test("whom and what a policy is for does not matter, only where", () => {
  expect(applies({})).toBe(true);
  expect(applies({ on: { databases: ["sh*"], labels: ["team=shop"] } })).toBe(true);
  expect(applies({ on: { databases: ["pay*"] } })).toBe(false);
});

test("a disabled policy applies nowhere, and one that does not mean production does not apply there", () => {
  expect(applies({ enabled: false })).toBe(false);
  expect(applies({}, { ...target, protected: true })).toBe(false);
});
