import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlWorld, mysqlAdministrator } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const preflight = () => mysql.preflight(world.target);
async function check(id: string, database: string | null = null) {
  const found = (await preflight()).checks.find((one) => one.id === id && one.database === database);
  if (found === undefined) throw new Error(`there is no check ${id}`);
  return found;
}

test("a server prepared with the printed statements is ready, before the first grant and after", async () => {
  const before = await preflight();
  expect(before).toMatchObject({ ready: true, majorVersion: flavourWords.majorVersion });
  expect(before.checks.filter((one) => one.status === "missing").map((one) => one.id)).toEqual(["lendable"]);
  expect(await check("register")).toMatchObject({ status: "ok" });
  await lendMysql(world);
  const after = await preflight();
  expect(after.ready).toBe(true);
  expect(await check("lendable", "shop_a")).toMatchObject({ status: "ok" });
});

test("it changes nothing", async () => {
  const count = "SELECT COUNT(*) AS n FROM information_schema.SCHEMATA";
  const before = await world.byHand(count);
  await mysql.preflight({ ...world.target, stack: "test" });
  expect(await world.byHand(count)).toEqual(before);
});

describe("what is missing is found, and the statement that is printed mends it", () => {
  const me = `${mysqlAdministrator.username}@'%'`;
  test.each([
    ["create-user", "missing", [`REVOKE CREATE USER ON *.* FROM ${me}`]],
    ["process", "missing", [`REVOKE PROCESS ON *.* FROM ${me}`]],
    ["end-sessions", "missing", [`REVOKE ${flavourWords.killRight} ON *.* FROM ${me}`]],
    ["see-accounts", "missing", [`REVOKE SELECT ON mysql.* FROM ${me}`]],
    ["register", "missing", [`REVOKE EVENT ON \`daypass\\_test\`.* FROM ${me}`]],
    ["event-scheduler", "warning", ["SET GLOBAL event_scheduler = OFF"]],
    ["anonymous", "missing", ["CREATE USER ''@'localhost'"]],
    ["everybody", "missing", flavourWords.openToEverybody],
    [
      "everybody",
      "missing",
      [
        "INSERT INTO mysql.db (Host, Db, User, Select_priv) VALUES ('%', 'shop\\_%', '', 'Y')",
        "FLUSH PRIVILEGES",
      ],
    ],
  ] as const)("%s", async (id, status, statements) => {
    expect(await check(id)).toMatchObject({ status: "ok", statements: [] });
    await world.byHand(...statements);
    const found = await check(id);
    expect(found.status).toBe(status);
    if (status === "missing") expect((await preflight()).ready).toBe(false);
    expect(found.statements.length).toBeGreaterThan(0);
    for (const { sql } of found.statements) await world.byHand(sql);
    expect(await check(id)).toMatchObject({ status: "ok", statements: [] });
  });

  test("a database that cannot be lent", async () => {
    const found = await check("lendable", "shopXa");
    expect(found).toMatchObject({ status: "missing", sentence: "In database shopXa no level can be lent." });
    await world.byHand("GRANT SELECT, SHOW VIEW ON `shopXa`.* TO daypass_admin@'%' WITH GRANT OPTION");
    expect(await check("lendable", "shopXa")).toMatchObject({
      status: "warning",
      sentence: "In database shopXa only read can be lent.",
    });
    for (const { sql } of found.statements) await world.byHand(sql);
    expect(await check("lendable", "shopXa")).toMatchObject({ status: "ok" });
  });

  test("accounts that only look like ours", async () => {
    await world.byHand("CREATE USER 'dp_01arz3ndektsv4rrffq69g5fav'@'%'");
    expect(await check("unmarked")).toMatchObject({ status: "warning", statements: [] });
    await world.byHand("DROP USER 'dp_01arz3ndektsv4rrffq69g5fav'@'%'");
    expect(await check("unmarked")).toMatchObject({ status: "ok" });
  });

  test("an administrator with too much", async () => {
    const [row] = await world.byHand("SELECT 1 AS one", `GRANT FILE ON *.* TO ${me}`, "SELECT 2 AS one");
    expect(row).toEqual({ one: 2 });
    expect(await check("not-superuser")).toMatchObject({ status: "warning" });
    await world.byHand(`REVOKE FILE ON *.* FROM ${me}`);
  });
});

test("a server that will not let the register be made says how, at the mint too", async () => {
  const elsewhere = { ...world.target, stack: "other" };
  const error: unknown = await mysql
    .provision(elsewhere, world.plan(), "x")
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "permission" });
  expect(await mysql.serverIdentity(elsewhere)).toBeNull();
  await world.byHand(...(error as { remedy: string[] }).remedy);
  const plan = world.plan();
  await mysql.provision(elsewhere, plan, "x");
  expect(await mysql.serverIdentity(elsewhere)).toMatch(/^mysql:[0-9a-f-]{36}$/);
  expect(await mysql.revoke(elsewhere, plan)).toMatchObject({ status: "absent" });
});

test("an administrator can have the rights to lend a database through a role, which preflight and the mint see", async () => {
  const { username } = mysqlAdministrator;
  const rights = "SELECT, SHOW VIEW, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES";
  await world.byHand(
    "CREATE ROLE lender",
    `GRANT ${rights} ON shopXa.* TO lender WITH GRANT OPTION`,
    `GRANT lender TO ${username}`,
    `SET DEFAULT ROLE lender ${flavourUnderTest === "mysql" ? "TO" : "FOR"} ${username}`,
  );
  expect(await check("lendable", "shopXa")).toMatchObject({ status: "ok" });
  const { plan } = await lendMysql(world, { database: "shopXa", level: "write" });
  expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
  await world.byHand("DROP ROLE lender");
});

test("the server is the same one through restarts, and by whatever name it is reached", async () => {
  const identity = await mysql.serverIdentity(world.target);
  await world.server.stop();
  await world.server.start();
  const byName = { ...world.target, server: { ...world.target.server, host: "localhost" } };
  expect(await mysql.serverIdentity(byName)).toBe(identity);
});

test("a master user such as that of RDS is ready as it is", async () => {
  const rds = await buildMysqlWorld("as on RDS");
  try {
    const found = await mysql.preflight(rds.target);
    expect(found.checks.filter((one) => one.status === "missing")).toEqual([]);
    const { plan } = await lendMysql(rds, {
      level: "ddl",
      scope: { kind: "objects", objects: [{ schema: "shop_a", table: "to_create" }] },
    });
    expect(await mysql.revoke(rds.target, plan)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  } finally {
    await rds.remove();
  }
}, 90_000);
