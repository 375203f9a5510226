import { expect, test } from "vitest";
import { requirePlan } from "./plan.ts";

const plan = {
  name: "dp_01arz3ndektsv4rrffq69g5fav",
  grantId: "grant_1",
  database: "shop",
  level: "read",
  scope: { kind: "database" },
  expiresAtMs: Date.UTC(2026, 0, 1),
} as const;

test("a well-formed plan passes", () => {
  requirePlan(plan);
  requirePlan({ ...plan, connectionLimit: 1, statementTimeoutMs: 1_000, idleInTransactionTimeoutMs: 1_000 });
});

test.each([
  { name: "postgres" },
  { grantId: "" },
  { grantId: "a b" },
  { database: "" },
  { scope: { kind: "objects", objects: [] } },
  { expiresAtMs: 0 },
  { expiresAtMs: 1.5 },
  { expiresAtMs: Number.POSITIVE_INFINITY },
  { expiresAtMs: 253_402_300_800_000 },
  { connectionLimit: -1 },
  { statementTimeoutMs: 0 },
  { idleInTransactionTimeoutMs: 2_147_483_648 },
] as const)("%o is refused", (changes) => {
  expect(() => requirePlan({ ...plan, ...changes })).toThrow(expect.objectContaining({ kind: "invalid" }));
});
