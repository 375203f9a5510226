import type { AccountPlan } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlWorld, refusal } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** What rights on tables reach beside these tables: the preview and the threat model say it, and here it is seen. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
  await world.byHand(
    "CREATE DATABASE `pay-ro.ll \u00fc`",
    "CREATE TABLE `pay-ro.ll \u00fc`.`kid/s` (id int, FOREIGN KEY (id) REFERENCES shop_a.customers (id) ON DELETE CASCADE)",
    "INSERT INTO `pay-ro.ll \u00fc`.`kid/s` VALUES (99)",
    "CREATE TABLE payroll.bonus (id int, FOREIGN KEY (id) REFERENCES shop_a.customers (id))",
    "CREATE VIEW shop_a.peephole AS SELECT * FROM payroll.salaries",
    "CREATE TABLE shop_a.swapped (id int)",
  );
}, 60_000);
afterAll(() => world.remove());

const tables = (...names: string[]): AccountPlan["scope"] => ({
  kind: "objects",
  objects: names.map((table) => ({ schema: "shop_a", table })),
});

test("a foreign key passes a change on to another database; the connection test names it, and no other key", async () => {
  const { checks } = await mysql.preflight(world.target);
  expect(checks.filter(({ id }) => id === "cascades")).toEqual([
    expect.objectContaining({
      database: "shop_a",
      status: "warning",
      sentence: expect.stringContaining(": shop_a.customers changes pay-ro.ll \u00fc.kid/s."),
    }),
  ]);
  const { client, plan } = await lendMysql(world, { level: "write", scope: tables("customers", "orders") });
  await client.query("DELETE FROM orders WHERE customer_id = 99");
  await client.query("DELETE FROM customers WHERE id = 99");
  expect(await world.byHand("SELECT * FROM `pay-ro.ll \u00fc`.`kid/s`")).toEqual([]);
  await mysql.revoke(world.target, plan);
});

test("a view shows what its definer may see, and is written through by nobody", async () => {
  const { client, plan } = await lendMysql(world, { level: "write" });
  expect(await refusal(client, "SELECT * FROM peephole")).toBeNull();
  expect(await refusal(client, "UPDATE peephole SET amount = 1")).toBe(1142);
  expect(await refusal(client, "SELECT * FROM payroll.salaries")).toBe(1142);
  await mysql.revoke(world.target, plan);
});

test("a right stays with a name: whatever is put under it is open", async () => {
  const { client, plan } = await lendMysql(world, { scope: tables("swapped") });
  await world.byHand("RENAME TABLE shop_a.swapped TO shop_a.archived, payroll.bonus TO shop_a.swapped");
  expect(await refusal(client, "SELECT * FROM swapped")).toBeNull();
  expect(await refusal(client, "SELECT * FROM archived")).toBe(1142);
  await world.byHand("RENAME TABLE shop_a.swapped TO payroll.bonus, shop_a.archived TO shop_a.swapped");
  await mysql.revoke(world.target, plan);
});

test("level read holds the rows that it reads against writers; against readers that lock too on MariaDB alone", async () => {
  const { client, plan } = await lendMysql(world);
  expect(await refusal(client, "SELECT * FROM customers LOCK IN SHARE MODE")).toBeNull();
  expect(await refusal(client, "SELECT * FROM customers FOR UPDATE")).toBe(
    flavourUnderTest === "mysql" ? 1142 : null,
  );
  await mysql.revoke(world.target, plan);
});

test("names of tables elsewhere are kept from it, but for those of tablespaces on MySQL", async () => {
  const { client, plan } = await lendMysql(world);
  const namesIn = async (statement: string) => JSON.stringify((await client.query(statement))[0]);
  expect(await namesIn("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES")).not.toContain(
    "salaries",
  );
  const inside =
    flavourUnderTest === "mysql"
      ? ["INNODB_TABLESPACES", "INNODB_TABLESPACES_BRIEF", "INNODB_DATAFILES", "INNODB_FOREIGN", "FILES"]
      : ["INNODB_SYS_TABLESPACES", "INNODB_SYS_FOREIGN", "INNODB_BUFFER_PAGE"];
  for (const view of inside) {
    expect(await refusal(client, `SELECT * FROM information_schema.${view}`), view).toBe(1227);
  }
  if (flavourUnderTest === "mysql") {
    expect(await namesIn("SELECT * FROM information_schema.TABLESPACES_EXTENSIONS")).toContain(
      "payroll/salaries",
    );
  }
  await mysql.revoke(world.target, plan);
});

if (flavourUnderTest === "mariadb")
  describe("what PUBLIC has", () => {
    test("is read by a session whose account was dropped, so that nothing is lent beside it", async () => {
      const lent = await lendMysql(world);
      await world.byHand("GRANT SELECT ON shop_a.customers TO PUBLIC", `DROP USER '${lent.plan.name}'`);
      expect(await refusal(lent.client, "SELECT * FROM customers")).toBeNull();
      expect(await refusal(lent.client, "SELECT * FROM orders")).toBe(1142);
      await expect(mysql.provision(world.target, world.plan(), "x")).rejects.toMatchObject({
        kind: "permission",
        remedy: ["REVOKE SELECT ON `shop_a`.`customers` FROM PUBLIC;"],
      });
      await world.byHand("REVOKE SELECT ON shop_a.customers FROM PUBLIC");
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
    });
  });
