import { describe, expect, test } from "vitest";
import type { Scope } from "../engine.ts";
import { describePrivileges } from "./privileges.ts";
import { rightsOf } from "./rights.ts";
import { scopeProblem } from "./scope.ts";

const whole: Scope = { kind: "database" };
const tables: Scope = {
  kind: "objects",
  objects: [
    { schema: "shop_a", table: "orders" },
    { schema: "shop_a", table: "customers" },
  ],
};

describe("what an account may do", () => {
  test("the statements are those that run, with marks for what only the broker knows", () => {
    expect(describePrivileges("write", whole, "shop_a", { account: { name: "dp_1" } }).statements).toEqual([
      "CREATE USER 'dp_1'@'%' IDENTIFIED <by a hash of the password> ACCOUNT LOCK <with our mark and its limits>;",
      "GRANT SELECT, SHOW VIEW, INSERT, UPDATE, DELETE ON `shop\\_a`.* TO 'dp_1'@'%';",
      "ALTER USER 'dp_1'@'%' ACCOUNT UNLOCK;",
    ]);
    expect(describePrivileges("read", tables, "shop_a").statements.slice(1, 3)).toEqual([
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`customers` TO 'dp_account'@'%';",
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`orders` TO 'dp_account'@'%';",
    ]);
  });

  test("ddl on a whole database says that it may drop the database; on tables it may not", () => {
    const codes = (scope: Scope) => describePrivileges("ddl", scope, "shop_a").can.map(({ code }) => code);
    expect(codes(whole)).toContain("drop-database");
    expect(codes(tables)).not.toContain("drop-database");
  });

  test("no level can make what runs in its name, or give rights on", () => {
    for (const level of ["read", "write", "ddl"] as const) {
      const { cannot, statements } = describePrivileges(level, whole, "shop_a");
      expect(cannot.map(({ code }) => code)).toEqual(
        expect.arrayContaining(["no-code", "no-administration", "no-outside"]),
      );
      expect(statements.join(" ")).not.toMatch(
        /TRIGGER|EVENT|ROUTINE|EXECUTE|CREATE VIEW|GRANT OPTION|LOCK TABLES|FILE/,
      );
    }
  });

  test("tables are named, long lists are cut", () => {
    const many: Scope = {
      kind: "objects",
      objects: Array.from({ length: 20 }, (_, index) => ({ schema: "shop_a", table: `t${index + 10}` })),
    };
    expect(describePrivileges("read", tables, "shop_a").can[0]?.text).toContain(
      "tables shop_a.customers and shop_a.orders",
    );
    expect(describePrivileges("read", many, "shop_a").can[0]?.text).toContain("and 8 more");
  });
});

test("views among the tables are only read", () => {
  const rights = rightsOf({ level: "ddl", scope: tables, database: "shop_a" }, ["orders"]);
  expect(rights.find((right) => right.table === "orders")?.privileges).toEqual(["SELECT", "SHOW VIEW"]);
  expect(rights.find((right) => right.table === "customers")?.privileges).toContain("DROP");
});

test.each([
  ["mysql", whole, "belongs to the server"],
  ["INFORMATION_SCHEMA", whole, "belongs to the server"],
  ["daypass_main", whole, "belongs to the server"],
  ["", whole, "malformed"],
  ["x".repeat(65), whole, "malformed"],
  ["payroll", tables, "is not database payroll"],
  ["shop_a", { kind: "objects", objects: [] }, "names no schema"],
  ["shop_a", { kind: "objects", objects: [{ schema: "shop_a", table: "a\0" }] }, "malformed"],
] as const)("database %s with such a scope is refused", (database, scope, problem) => {
  expect(scopeProblem(scope, database)).toContain(problem);
});
