import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlWorld, mysqlAdministrator, refusal } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** A server that keeps names of tables in lower case. MySQL also takes names of databases in grants as they are written,
 * and keeps its performance schema on. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld("as printed", {
    "lower-case-table-names": "1",
    ...(flavourUnderTest === "mysql" ? { "partial-revokes": "ON", "performance-schema": "ON" } : {}),
  });
}, 60_000);
afterAll(() => world.remove());

test("the printed statements make it ready, and nothing else can be lent", async () => {
  const { checks } = await mysql.preflight(world.target);
  expect(checks.filter(({ status }) => status === "missing").map(({ database }) => database)).toEqual([
    "shopxa",
  ]);
});

test.each(["read", "write", "ddl"] as const)(
  "level %s is lent on one database, and taken back",
  async (level) => {
    await world.byHand(
      `GRANT SELECT, SHOW VIEW, INSERT, UPDATE, DELETE ON shopXa.* TO ${mysqlAdministrator.username}@'%' WITH GRANT OPTION`,
    );
    const scope = { kind: "objects", objects: [{ schema: "shop_a", table: "customers" }] } as const;
    const { client, plan } = await lendMysql(world, level === "ddl" ? { level, scope } : { level });
    expect(await refusal(client, "SELECT * FROM customers")).toBeNull();
    expect(await refusal(client, "SELECT * FROM shopXa.secrets")).toBe(1142);
    const [found] = (await mysql.listAccounts(world.target)).filter(({ name }) => name === plan.name);
    expect(found?.extraRights).toEqual([]);
    expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    for (const table of ["mysql.db", "mysql.tables_priv"]) {
      expect(await world.byHand(`SELECT 1 FROM ${table} WHERE User = '${plan.name}'`)).toEqual([]);
    }
  },
);

test("level ddl names a table to create in any case", async () => {
  const objects = ["ToCreate", "Customers"].map((table) => ({ schema: "shop_a", table }));
  const { client, plan } = await lendMysql(world, { level: "ddl", scope: { kind: "objects", objects } });
  for (const statement of [
    "CREATE TABLE ToCreate (id int)",
    "SELECT * FROM Customers",
    "DROP TABLE tocreate",
  ]) {
    expect(await refusal(client, statement), statement).toBeNull();
  }
  expect(await refusal(client, "SELECT * FROM orders")).toBe(1142);
  expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
});

if (flavourUnderTest === "mysql")
  test("a right on everything is one too many, whatever was taken from it in one database", async () => {
    const { plan } = await lendMysql(world);
    await world.byHand(
      `GRANT SELECT ON *.* TO '${plan.name}'`,
      `REVOKE SELECT ON payroll.* FROM '${plan.name}'`,
    );
    const [found] = (await mysql.listAccounts(world.target)).filter(({ name }) => name === plan.name);
    expect(found?.extraRights).toContain("was given SELECT on *.*");
    expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
  });
