import { expect, test } from "vitest";
import { scopeSchema } from "./catalog.view.ts";

const named = (schema: string, table: string) =>
  scopeSchema.safeParse({ kind: "objects", objects: [{ schema, table }] }).success;

test("a scope takes names as long as MySQL keeps them; PostgreSQL's shorter limit is the engine's to tell", () => {
  expect(named("ü".repeat(64), "_".repeat(64))).toBe(true);
  expect(named("a", "a".repeat(65))).toBe(false);
  expect(named("a", "")).toBe(false);
});
