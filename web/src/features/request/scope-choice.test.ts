import { expect, test } from "vitest";
import type { DatabaseDetailView } from "../../lib/api.ts";
import { matchingSchemas, namesTables, newTable, toggled } from "./scope-choice.ts";

test("a second choice of the same table takes it away", () => {
  const once = toggled([], { schema: "public", table: "orders" });
  expect(once).toEqual([{ schema: "public", table: "orders" }]);
  expect(toggled(once, { schema: "public", table: "orders" })).toEqual([]);
});

test("taking one away leaves what only looks like it", () => {
  const some = [
    { schema: "a.b", table: "c" },
    { schema: "a", table: "b.c" },
    { schema: "d", table: "*" },
    { schema: "d" },
  ];
  expect(toggled(some, { schema: "a", table: "b.c" })).toEqual([some[0], some[2], some[3]]);
  expect(toggled(some, { schema: "d", table: "*" })).toEqual([some[0], some[1], some[3]]);
});

test("a whole schema replaces the tables of it that were chosen one by one", () => {
  const some = [
    { schema: "public", table: "orders" },
    { schema: "support", table: "tickets" },
  ];
  expect(toggled(some, { schema: "public" })).toEqual([
    { schema: "support", table: "tickets" },
    { schema: "public" },
  ]);
});

test("tables are found by their name and by their schema's", () => {
  const table = (schema: string, name: string) => ({ schema, name }) as DatabaseDetailView["tables"][number];
  const tables = [table("public", "orders"), table("public", "customers"), table("support", "tickets")];
  expect(matchingSchemas(tables, "ORD").map((found) => found.schema)).toEqual(["public"]);
  expect(matchingSchemas(tables, "support.").flatMap((found) => found.tables)).toHaveLength(1);
  expect(matchingSchemas(tables, "")).toHaveLength(2);
});

test("where level ddl needs named tables, a table that is not there yet can be named, and no other", () => {
  const tables = [{ schema: "shop", name: "orders" } as DatabaseDetailView["tables"][number]];
  expect(newTable(tables, "shop", " receipts ")).toEqual({ schema: "shop", table: "receipts" });
  expect(newTable(tables, "shop", "orders")).toBeUndefined();
  expect(newTable(tables, "shop", " ")).toBeUndefined();
  expect(newTable(tables, undefined, "receipts")).toBeUndefined();
  expect(namesTables("mysql", "ddl")).toBe(true);
  expect(namesTables("mysql", "write")).toBe(false);
  expect(namesTables("postgres", "ddl")).toBe(false);
});
