import { describe, expect, test } from "vitest";
import type { Scope } from "../engine.ts";
import { describePrivileges } from "./privileges.ts";
import { formatRights, parseRights, rightsOf } from "./rights.ts";
import { mostTables, scopeProblem, tableCountProblem } from "./scope.ts";

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
      "GRANT SELECT, SHOW VIEW, INSERT, UPDATE, DELETE ON `shop_a`.<each table> TO 'dp_1'@'%';",
      "GRANT SELECT, SHOW VIEW ON `shop_a`.<each view> TO 'dp_1'@'%';",
      "ALTER USER 'dp_1'@'%' ACCOUNT UNLOCK;",
    ]);
    expect(describePrivileges("read", tables, "shop_a").statements.slice(1, 3)).toEqual([
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`customers` TO 'dp_account'@'%';",
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`orders` TO 'dp_account'@'%';",
    ]);
  });

  test("no level has a right on a whole database, which a session would keep after its account was dropped", () => {
    for (const level of ["read", "write", "ddl"] as const) {
      for (const scope of [whole, tables]) {
        expect(describePrivileges(level, scope, "shop_a").statements.join(" ")).not.toContain(".*");
      }
    }
  });

  test("what a right on a name reaches is told: other databases by views and foreign keys, other tables of that name", () => {
    const codes = (level: "read" | "write") =>
      describePrivileges(level, whole, "shop_a").can.map(({ code }) => code);
    expect(codes("read")).toEqual(expect.arrayContaining(["lock-rows", "follow-names"]));
    expect(codes("read")).not.toContain("cascades");
    expect(codes("write")).toContain("cascades");
    expect(describePrivileges("read", whole, "shop_a").can[0]?.text).toContain("even from other databases");
  });

  test("tables that come later are told to be left out, where nobody named the tables", () => {
    const codes = (scope: Scope) =>
      describePrivileges("read", scope, "shop_a").cannot.map(({ code }) => code);
    expect(codes(whole)).toContain("no-later-tables");
    expect(codes(tables)).not.toContain("no-later-tables");
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

test("views are only read", () => {
  const rights = rightsOf({ level: "ddl", database: "shop_a" }, [
    { name: "orders", isView: true },
    { name: "customers", isView: false },
  ]);
  expect(rights.find((right) => right.table === "orders")?.privileges).toEqual(["SELECT", "SHOW VIEW"]);
  expect(rights.find((right) => right.table === "customers")?.privileges).toContain("DROP");
});

test("the register keeps thousands of rights in little text, and reads what it kept before", () => {
  const relations = Array.from({ length: 3_000 }, (_, n) => ({ name: `t${n}`, isView: n % 10 === 0 }));
  const rights = rightsOf({ level: "write", database: "shop_a" }, relations);
  const text = formatRights(rights);
  expect(text.length).toBeLessThan(30_000);
  const byName = (one: { table: string | null }, other: { table: string | null }) =>
    String(one.table).localeCompare(String(other.table));
  expect(parseRights(text).toSorted(byName)).toEqual(rights.toSorted(byName));
  const before = [{ database: "shop_a", table: null, privileges: ["SELECT", "SHOW VIEW"] }];
  expect(parseRights(JSON.stringify(before))).toEqual(before);
});

test.each([
  [0, "has no tables"],
  [mostTables + 1, "name some of them"],
])("a database of %i tables is not lent as a whole", (count, problem) => {
  expect(tableCountProblem(whole, "shop_a", count)).toContain(problem);
  expect(tableCountProblem(tables, "shop_a", count)).toBeNull();
  expect(tableCountProblem(whole, "shop_a", mostTables)).toBeNull();
});

const schema: Scope = { kind: "objects", objects: [{ schema: "shop_a" }] };

test.each([
  ["read", "mysql", whole, "belongs to the server"],
  ["read", "INFORMATION_SCHEMA", whole, "belongs to the server"],
  ["read", "daypass_main", whole, "belongs to the server"],
  ["read", "", whole, "malformed"],
  ["read", "x".repeat(65), whole, "malformed"],
  ["read", "payroll", tables, "is not database payroll"],
  ["read", "shop_a", { kind: "objects", objects: [] }, "names no schema"],
  ["read", "shop_a", { kind: "objects", objects: [{ schema: "shop_a", table: "a\0" }] }, "malformed"],
  ["ddl", "shop_a", whole, "name those to change, and those to create"],
  ["ddl", "shop_a", schema, "name those to change, and those to create"],
] as const)("level %s of database %s with such a scope is refused", (level, database, scope, problem) => {
  expect(scopeProblem(level, scope, database)).toContain(problem);
});

test.each([
  ["ddl", tables],
  ["write", whole],
  ["write", schema],
] as const)("level %s of such a scope is lent", (level, scope) => {
  expect(scopeProblem(level, scope, "shop_a")).toBeNull();
});
