import { setTimeout as sleep } from "node:timers/promises";
import type { AccountPlan } from "@daypass/databases/engine.ts";
import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld, refusal } from "./mysql-world.ts";
import { openRawClient } from "./raw-mysql.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/**
 * The account is dropped by `DROP USER` and by nothing else: no session is ended and no right is revoked. Whatever
 * hides a session from us, its next statement has to be refused by the server itself.
 */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
  await world.byHand(
    "CREATE TABLE shop_a.audit (id int AUTO_INCREMENT PRIMARY KEY, note text)",
    "INSERT INTO shop_a.audit (note) VALUES ('first')",
    "CREATE FUNCTION shop_a.slowly() RETURNS int READS SQL DATA BEGIN DO SLEEP(2); RETURN (SELECT COUNT(*) FROM payroll.salaries); END",
    "CREATE VIEW shop_a.slow_view AS SELECT shop_a.slowly() AS n",
    "CREATE TABLE shop_a.triggered (id int)",
    "CREATE TRIGGER shop_a.slow_trigger BEFORE INSERT ON shop_a.triggered FOR EACH ROW DO SLEEP(2)",
  );
}, 60_000);
afterAll(() => world.remove());

const tables = (...names: string[]): AccountPlan["scope"] => ({
  kind: "objects",
  objects: names.map((table) => ({ schema: "shop_a", table })),
});
const dropUser = ({ plan }: MysqlLent) => world.byHand(`DROP USER '${plan.name}'`);

const statements = [
  "SELECT * FROM customers",
  "SELECT * FROM big_orders",
  "SELECT * FROM slow_view",
  "SHOW CREATE TABLE customers",
  "SHOW INDEX FROM customers",
  "CHECKSUM TABLE customers",
  "SET @found = (SELECT MAX(email) FROM customers)",
  "DO (SELECT MAX(email) FROM customers)",
  "EXPLAIN SELECT * FROM customers",
  "INSERT INTO audit (note) VALUES ('after the end')",
  "UPDATE audit SET note = 'after the end'",
  "DELETE FROM audit",
  "HANDLER customers OPEN",
];

/** The session goes on, and has no right left. */
async function expectHarmless(client: Connection, list: readonly string[] = statements): Promise<void> {
  expect(await refusal(client, "SELECT 1")).toBeNull();
  for (const statement of list) expect(await refusal(client, statement), statement).toBe(1142);
  expect(await refusal(client, "USE shop_a")).toBe(1044);
}

describe.each([
  ["of the whole database", { kind: "database" }],
  ["of named tables", tables("customers", "audit", "big_orders", "slow_view", "triggered")],
] as const)("after DROP USER alone, a session with rights %s", (_what, scope) => {
  let lent: MysqlLent;
  beforeEach(async () => {
    lent = await lendMysql(world, { level: "write", scope });
  });

  test("that is open reads and writes nothing", async () => {
    expect(await refusal(lent.client, "SELECT * FROM customers")).toBeNull();
    await dropUser(lent);
    await expectHarmless(lent.client);
  });

  test("in an open transaction reads and writes nothing", async () => {
    for (const statement of ["BEGIN", "SELECT * FROM customers", "UPDATE audit SET note = 'before'"]) {
      await lent.client.query(statement);
    }
    await dropUser(lent);
    await expectHarmless(lent.client);
    await lent.client.query("ROLLBACK");
  });

  test("with statements that were prepared before executes none of them", async () => {
    await lent.client.query("PREPARE reading FROM 'SELECT * FROM customers'");
    await lent.client.query("PREPARE writing FROM 'UPDATE audit SET note = 1'");
    const byProtocol = await lent.client.prepare("SELECT * FROM big_orders");
    await byProtocol.execute([]);
    await lent.client.query("EXECUTE reading");
    await dropUser(lent);
    await expectHarmless(lent.client, [...statements, "EXECUTE reading", "EXECUTE writing"]);
    await expect(byProtocol.execute([])).rejects.toMatchObject({ errno: 1142 });
  });

  test.each([
    ["function of a view", "SELECT * FROM slow_view"],
    ["trigger", "INSERT INTO triggered VALUES (1)"],
  ])("inside the %s of another definer reads and writes nothing when it comes out", async (_where, long) => {
    const running = refusal(lent.client, long);
    await sleep(500);
    await dropUser(lent);
    await running;
    await expectHarmless(lent.client);
  });

  if (flavourUnderTest === "mariadb")
    test("hidden behind a change of user reads nothing when it comes back", async () => {
      const { host, port } = world.server;
      const raw = await openRawClient(
        { host, port, username: lent.plan.name, password: lent.password },
        "shop_a",
      );
      await raw.query("SET net_read_timeout = 3600");
      expect(await raw.query("SELECT id FROM customers LIMIT 1")).toEqual(["1"]);
      await raw.beginChangeOfUser("root");
      await dropUser(lent);
      expect(await raw.answerChangeOfUser(Buffer.alloc(20, 1))).toBe(1045);
      // It is the account again, and the account has nothing.
      await expect(raw.query("SELECT id FROM customers LIMIT 1")).rejects.toMatchObject({ errno: 1142 });
      raw.close();
    });
});

test("after DROP USER alone, a session of level ddl creates, changes and drops nothing", async () => {
  await world.byHand("CREATE TABLE shop_a.changing (id int)");
  const lent = await lendMysql(world, { level: "ddl", scope: tables("changing", "not_there_yet") });
  await lent.client.query("ALTER TABLE changing ADD COLUMN note text");
  await lent.client.query("CREATE TABLE not_there_yet (id int)");
  await lent.client.query("DROP TABLE not_there_yet");
  await dropUser(lent);
  await expectHarmless(lent.client, [
    "ALTER TABLE changing ADD COLUMN more text",
    "CREATE TABLE not_there_yet (id int)",
    "TRUNCATE changing",
    "DROP TABLE changing",
    "SELECT * FROM changing",
  ]);
});

test("the catalogue of the server shows it no table any more", async () => {
  const lent = await lendMysql(world);
  const seen = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop_a'";
  expect((await lent.client.query(seen))[0]).not.toEqual([]);
  await dropUser(lent);
  expect((await lent.client.query(seen))[0]).toEqual([]);
});
