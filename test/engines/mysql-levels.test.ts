import type { AccountPlan } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlWorld, mysqlAdministrator, refusal } from "./mysql-world.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
  await world.byHand(
    "CREATE TABLE shop_a.scratch (id int PRIMARY KEY, note text)",
    "CREATE FUNCTION shop_a.pry() RETURNS int READS SQL DATA RETURN (SELECT amount FROM payroll.salaries LIMIT 1)",
  );
}, 60_000);
afterAll(() => world.remove());

const reads = [
  "SELECT * FROM customers",
  "SELECT * FROM big_orders",
  "SHOW CREATE VIEW big_orders",
  "EXPLAIN SELECT * FROM big_orders",
];
const writes = [
  "INSERT INTO scratch VALUES (1, 'a')",
  "UPDATE scratch SET note = 'b'",
  "DELETE FROM scratch",
];
const changes = [
  "CREATE TABLE made (id int PRIMARY KEY, customer_id int, FOREIGN KEY (customer_id) REFERENCES customers (id))",
  "ALTER TABLE made ADD COLUMN note text",
  "CREATE INDEX by_note ON made (note(10))",
  "TRUNCATE scratch",
  "RENAME TABLE made TO made_too",
  "DROP TABLE made_too",
];
/** What no level may do. */
const never = [
  "CREATE VIEW peep AS SELECT 1",
  "CREATE PROCEDURE stay() SELECT 1",
  "CREATE FUNCTION stay() RETURNS int RETURN 1",
  "CREATE TRIGGER stay BEFORE INSERT ON scratch FOR EACH ROW SET NEW.note = 'x'",
  "CREATE EVENT stay ON SCHEDULE EVERY 1 SECOND DO SELECT 1",
  "CREATE DEFINER = daypass_admin@'%' VIEW peep AS SELECT 1",
  "CALL harmless()",
  "SELECT pry()",
  "CREATE TEMPORARY TABLE mine (id int)",
  "LOCK TABLES customers READ",
  "FLUSH TABLES WITH READ LOCK",
  "SELECT * FROM customers INTO OUTFILE '/tmp/out'",
  "SELECT LOAD_FILE('/etc/passwd') IS NOT NULL FROM mysql.user",
  "LOAD DATA INFILE '/etc/passwd' INTO TABLE scratch",
  "CREATE USER intruder",
  "GRANT SELECT ON shop_a.* TO intruder",
  "SET ROLE daypass_admin",
  "SET GLOBAL max_connections = 1",
  "SELECT * FROM payroll.salaries",
  "SELECT * FROM shopXa.secrets",
  "HANDLER payroll.salaries OPEN",
  "CREATE TABLE payroll.copy (id int)",
  "CREATE DATABASE another",
  "DROP DATABASE shop_a",
  "ALTER DATABASE shop_a CHARACTER SET latin1",
  "ALTER DATABASE shop_a READ ONLY = 1",
  "ALTER DATABASE shop_a ENCRYPTION = 'Y'",
  "USE shopXa",
  "USE daypass_test",
  "SELECT * FROM mysql.global_priv",
  "SELECT * FROM mysql.user",
  "SHOW GRANTS FOR daypass_admin@'%'",
  "SHOW BINARY LOGS",
  "SHUTDOWN",
  "INSTALL SONAME 'ha_connect'",
  "CREATE TABLE merged (id int) ENGINE = MERGE UNION = (payroll.salaries)",
  "CREATE TABLE copied SELECT * FROM payroll.salaries",
  "CREATE TABLE elsewhere (id int, FOREIGN KEY (id) REFERENCES payroll.salaries (id))",
  "CREATE SERVER away FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')",
];

const objects = (...tables: string[]): AccountPlan["scope"] => ({
  kind: "objects",
  objects: tables.map((table) => ({ schema: "shop_a", table })),
});
const whole: AccountPlan["scope"] = { kind: "database" };
const changed = ["customers", "big_orders", "scratch", "made", "made_too", "merged", "copied", "elsewhere"];

test.each([
  ["read", whole, reads, [...writes, ...changes, ...never]],
  ["write", whole, [...reads, ...writes], [...changes, ...never, "UPDATE big_orders SET total = 0"]],
  ["ddl", objects(...changed, "orders"), [...reads, ...writes, ...changes], never],
] as const)("%s does what it says and nothing else", async (level, scope, may, mayNot) => {
  const administrator = await world.connect(mysqlAdministrator);
  const { client, plan } = await lendMysql(world, { level, scope });
  for (const statement of may) expect(await refusal(client, statement), statement).toBeNull();
  const passed: string[] = [];
  for (const statement of mayNot) {
    const number = await refusal(client, statement);
    if (number === null || number < 1000) passed.push(statement);
  }
  expect(passed).toEqual([]);
  // The server says yes to this, and ends nothing that the account cannot see.
  if (flavourWords.killUser) await client.query(flavourWords.killUser);
  expect(await refusal(administrator, "SELECT 1")).toBeNull();
  await administrator.end();
  expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent", keptObjects: [] });
});

test("a database whose name looks like the pattern of another stays closed", async () => {
  await world.byHand("GRANT SELECT, SHOW VIEW ON `shopXa`.* TO daypass_admin@'%' WITH GRANT OPTION");
  const { client, plan } = await lendMysql(world);
  expect(await refusal(client, "SELECT * FROM shopXa.secrets")).toBe(1142);
  const [databases] = await client.query("SHOW DATABASES");
  const names = (databases as { Database: string }[]).map(({ Database }) => Database);
  expect(names.filter((name) => !name.endsWith("_schema"))).toEqual(["shop_a"]);
  await mysql.revoke(world.target, plan);
});

test("a scope of tables is these tables, and views in it are only read", async () => {
  const { client, plan } = await lendMysql(world, {
    level: "write",
    scope: objects("scratch", "big_orders", "odd `name"),
  });
  for (const statement of [...writes, "SELECT * FROM big_orders", "INSERT INTO `odd ``name` VALUES (1)"]) {
    expect(await refusal(client, statement), statement).toBeNull();
  }
  for (const statement of [
    "UPDATE big_orders SET total = 0",
    "SELECT * FROM orders",
    "SELECT * FROM customers",
    "TRUNCATE scratch",
  ]) {
    expect(await refusal(client, statement), statement).toBeGreaterThan(1000);
  }
  await mysql.revoke(world.target, plan);
});

test("ddl on named tables changes these, and neither others nor the database", async () => {
  await world.byHand("CREATE TABLE shop_a.mine_to_change (id int)");
  const { client, plan } = await lendMysql(world, { level: "ddl", scope: objects("mine_to_change") });
  expect(await refusal(client, "ALTER TABLE mine_to_change ADD COLUMN note text")).toBeNull();
  for (const statement of [
    "ALTER TABLE scratch ADD COLUMN more text",
    "DROP DATABASE shop_a",
    "CREATE TABLE other (id int)",
    "RENAME TABLE mine_to_change TO elsewhere",
  ]) {
    expect(await refusal(client, statement), statement).toBeGreaterThan(1000);
  }
  await mysql.revoke(world.target, plan);
});

test("ddl on a whole database is refused before anything is made, with what to ask for instead", async () => {
  for (const scope of [whole, { kind: "objects", objects: [{ schema: "shop_a" }] } as const]) {
    await expect(
      mysql.provision(world.target, world.plan({ level: "ddl", scope }), "x"),
    ).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("name those to change, and those to create"),
    });
  }
});

test("a schema in the scope is the whole database", async () => {
  const { client, plan } = await lendMysql(world, {
    scope: { kind: "objects", objects: [{ schema: "shop_a" }] },
  });
  expect(await refusal(client, "SELECT * FROM orders")).toBeNull();
  await mysql.revoke(world.target, plan);
});

test("rights are on tables alone, also those of a whole database, and tables that come later have none", async () => {
  const { client, plan } = await lendMysql(world, { level: "write" });
  await world.byHand("CREATE TABLE shop_a.later (id int)");
  expect(await refusal(client, "SELECT * FROM later")).toBe(1142);
  expect(await world.byHand(`SELECT 1 FROM mysql.db WHERE User = '${plan.name}'`)).toEqual([]);
  const next = await lendMysql(world);
  expect(await refusal(next.client, "SELECT * FROM later")).toBeNull();
  for (const lent of [plan, next.plan]) await mysql.revoke(world.target, lent);
  await world.byHand("DROP TABLE shop_a.later");
});

test("a database without tables has nothing to lend, until level ddl names one to create", async () => {
  await world.byHand(
    "CREATE DATABASE vacant",
    "GRANT SELECT, SHOW VIEW, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON vacant.* TO daypass_admin@'%' WITH GRANT OPTION",
  );
  await expect(mysql.provision(world.target, world.plan({ database: "vacant" }), "x")).rejects.toMatchObject({
    kind: "invalid",
  });
  const { client, plan } = await lendMysql(world, {
    database: "vacant",
    level: "ddl",
    scope: { kind: "objects", objects: [{ schema: "vacant", table: "first" }] },
  });
  expect(await refusal(client, "CREATE TABLE first (id int)")).toBeNull();
  expect(await refusal(client, "CREATE TABLE second (id int)")).toBe(1142);
  await mysql.revoke(world.target, plan);
  await world.byHand("DROP DATABASE vacant");
});

test("a table with the worst of names is lent with its database, and its name misleads nobody", async () => {
  const names = [
    "x WITH GRANT OPTION ;",
    "a` TO `b",
    "it's \"\\ 50%_.*",
    "line\nWITH GRANT OPTION\nbreak",
    "\u202ert\u00fc",
    "n".repeat(64),
  ];
  const quoted = names.map((name) => `shop_a.\`${name.replaceAll("`", "``")}\``);
  await world.byHand(...quoted.map((name) => `CREATE TABLE ${name} (id int)`));
  const whole = await lendMysql(world, { level: "write" });
  const named = await lendMysql(world, { scope: objects(...names) });
  for (const name of quoted) {
    for (const { client } of [whole, named]) {
      expect(await refusal(client, `SELECT * FROM ${name}`), name).toBeNull();
    }
    expect(await refusal(named.client, `DELETE FROM ${name}`), name).toBe(1142);
  }
  const found = await mysql.listAccounts(world.target);
  for (const { plan } of [whole, named]) {
    expect(found.find(({ name }) => name === plan.name)?.extraRights).toEqual([]);
    await mysql.revoke(world.target, plan);
  }
  await world.byHand(...quoted.map((name) => `DROP TABLE ${name}`));
});

test("nothing is lent while everybody has more than the level says, and the refusal says how to end that", async () => {
  const plan = world.plan();
  await world.byHand(...flavourWords.openToEverybody);
  const error: unknown = await mysql.provision(world.target, plan, "x").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "permission", remedy: [flavourWords.closedToEverybody] });
  await world.byHand(flavourWords.closedToEverybody);
  await world.byHand(
    "INSERT INTO mysql.db (Host, Db, User, Select_priv) VALUES ('%', 'pay%', '', 'Y')",
    "FLUSH PRIVILEGES",
  );
  await expect(mysql.provision(world.target, plan, "x")).rejects.toMatchObject({ kind: "permission" });
  await world.byHand("DELETE FROM mysql.db WHERE User = ''", "FLUSH PRIVILEGES");
  await mysql.provision(world.target, plan, "x");
  await mysql.revoke(world.target, plan);
});

test("a login that another account takes is not taken for the account's", async () => {
  const plan = world.plan();
  const nearer = `'${plan.name}'@'127.0.0.1'`;
  await mysql.provision(world.target, plan, "guess-me");
  await world.byHand(`CREATE USER ${nearer} IDENTIFIED BY 'guess-me'`, `GRANT ALL ON shop_a.* TO ${nearer}`);
  await expect(mysql.verifyLogin(world.target, plan, "guess-me")).rejects.toMatchObject({ kind: "conflict" });
  await expect(mysql.provision(world.target, plan, "guess-me")).rejects.toMatchObject({
    kind: "conflict",
    remedy: [`DROP USER ${nearer};`],
  });
  await mysql.revoke(world.target, plan);
  await expect(world.connect({ username: plan.name, password: "guess-me" })).rejects.toMatchObject({
    errno: 1045,
  });
});

test("rights that somebody added are taken away by a repeated provision", async () => {
  const { plan, password, client } = await lendMysql(world);
  await world.byHand(`GRANT DELETE ON shop_a.* TO '${plan.name}'`);
  await mysql.provision(world.target, plan, password);
  await client.query("USE shop_a");
  expect(await refusal(client, "DELETE FROM scratch")).toBe(1142);
  await mysql.revoke(world.target, plan);
});
