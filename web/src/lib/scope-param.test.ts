import { expect, test } from "vitest";
import type { Scope } from "./api.ts";
import { scopeFromParam, scopeToParam } from "./scope-param.ts";

test.each<Scope>([
  { kind: "database" },
  { kind: "objects", objects: [{ schema: "public", table: "orders" }, { schema: "support" }] },
  {
    kind: "objects",
    objects: [
      { schema: "a.b", table: "c,d" },
      { schema: "x%", table: "*" },
    ],
  },
])("%j comes back from the address unchanged", (scope) => {
  expect(scopeFromParam(scopeToParam(scope))).toEqual(scope);
});

test("what is not a scope is read as the whole database", () => {
  for (const text of ["", "public", "public.", ".orders", "a.b.c", "public.orders,"]) {
    expect(scopeFromParam(text)).toEqual({ kind: "database" });
  }
});
