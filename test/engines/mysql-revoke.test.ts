import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import {
  buildMysqlWorld,
  lendMysql,
  type MysqlLent,
  type MysqlWorld,
  mysqlAdministrator,
  refusal,
} from "./mysql-world.ts";
import { expectNothingLeft } from "./nothing-left.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const revoke = ({ plan }: Pick<MysqlLent, "plan">) => mysql.revoke(world.target, plan);

const nothingIsLeft = ({ plan }: Pick<MysqlLent, "plan">) => expectNothingLeft(world, plan);

describe("whatever the account holds, it goes", () => {
  test.each([
    ["an open transaction with row locks", ["START TRANSACTION", "UPDATE customers SET note = 'x'"]],
    ["a lock of its own name, and of ours", ["SELECT GET_LOCK('daypass', 1), GET_LOCK('reaper', 1)"]],
    ["a statement that runs", [flavourWords.noStatementLimit]],
    [
      "settings of its own",
      [
        "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
        "SET SESSION wait_timeout = 31536000",
        "SET SESSION lock_wait_timeout = 31536000",
      ],
    ],
    [
      "a prepared statement and an open cursor",
      ["PREPARE one FROM 'SELECT * FROM customers'", "HANDLER customers OPEN"],
    ],
    ["half of an XA transaction", ["XA START 'half'", "UPDATE customers SET note = 'y'"]],
  ])("%s", async (_what, statements) => {
    const lent = await lendMysql(world, { level: "write" });
    for (const statement of statements) await lent.client.query(statement);
    const running = lent.client.query("SELECT SLEEP(100) FROM customers").catch((error: unknown) => error);
    await sleep(50);
    const startedAt = performance.now();
    const steps: string[] = [];
    expect(await mysql.revoke(world.target, lent.plan, ({ step }) => void steps.push(step))).toMatchObject({
      status: "absent",
      sessionsEnded: 1,
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(steps).toEqual(["login-denied", "dropped", "sessions-ended"]);
    await running;
    expect(await refusal(lent.client, "SELECT 1")).not.toBeNull();
    await nothingIsLeft(lent);
    const [row] = await world.byHand("UPDATE shop_a.customers SET note = NULL", "SELECT 1 AS free");
    expect(row).toEqual({ free: 1 });
  });

  test("a password that it changed", async () => {
    const lent = await lendMysql(world);
    await lent.client.query(flavourWords.setOwnPassword("its own"));
    await revoke(lent);
    await expect(world.connect({ username: lent.plan.name, password: "its own" })).rejects.toMatchObject({
      errno: 1045,
    });
  });

  test("twelve clients that connect again and again", async () => {
    const lent = await lendMysql(world, { connectionLimit: 50 });
    let isOver = false;
    let logins = 0;
    let lastLoginAt = 0;
    const storm = Array.from({ length: 12 }, async () => {
      while (!isOver) {
        try {
          const client = await lent.login();
          logins += 1;
          lastLoginAt = performance.now();
          await client.query("SELECT COUNT(*) FROM customers").catch(() => undefined);
          client.destroy();
        } catch {
          await sleep(1);
        }
      }
    });
    await sleep(300);
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    const revokedAt = performance.now();
    await sleep(300);
    isOver = true;
    await Promise.all(storm);
    expect(logins).toBeGreaterThan(12);
    expect(lastLoginAt).toBeLessThan(revokedAt);
    await nothingIsLeft(lent);
  });
});

describe("when the server does not let us", () => {
  test("without the right to end sessions it is dropped all the same, and quarantined saying what to run", async () => {
    const lent = await lendMysql(world);
    await world.byHand(`REVOKE ${flavourWords.killRight} ON *.* FROM daypass_admin@'%'`);
    const revocation = await revoke(lent);
    expect(revocation).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: true,
      sessionsLeft: 1,
    });
    await expect(lent.login()).rejects.toMatchObject({ errno: 1045 });
    await expect(mysql.denyLogin(world.target, lent.plan)).rejects.toMatchObject({ kind: "permission" });
    const remedy = revocation.status === "quarantined" ? revocation.remedy : [];
    for (const statement of remedy.filter((text) => text.startsWith("GRANT"))) await world.byHand(statement);
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    await nothingIsLeft(lent);
  });

  test("without the right to drop accounts it is quarantined and told", async () => {
    const lent = await lendMysql(world);
    await world.byHand("REVOKE CREATE USER ON *.* FROM daypass_admin@'%'");
    expect(await revoke(lent)).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: false,
    });
    await world.byHand("GRANT CREATE USER ON *.* TO daypass_admin@'%'");
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });

  test("a backup that holds the whole server is waited for a few seconds, not for ever", async () => {
    const lent = await lendMysql(world);
    const backup = await world.server.asRoot();
    await backup.query("FLUSH TABLES WITH READ LOCK");
    const startedAt = performance.now();
    await expect(revoke(lent)).rejects.toMatchObject({ name: "EngineError", kind: "conflict" });
    await expect(mysql.provision(world.target, world.plan(), "x")).rejects.toMatchObject({
      name: "EngineError",
    });
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    await backup.end();
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });

  test("an attempt that hangs in the middle holds the end up for seconds only", async () => {
    const lent = await lendMysql(world);
    const hanging = await world.connect(mysqlAdministrator);
    await hanging.query("SET SESSION wait_timeout = 4");
    await hanging.query("BEGIN");
    await hanging.query(`SELECT * FROM daypass_test.account WHERE name = '${lent.plan.name}' FOR UPDATE`);
    const startedAt = performance.now();
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test("revocations, denials and provisions of one account at the same time end in its absence", async () => {
  for (let round = 0; round < 5; round += 1) {
    const lent = await lendMysql(world);
    const outcomes = await Promise.allSettled([
      revoke(lent),
      mysql.provision(world.target, lent.plan, lent.password),
      mysql.denyLogin(world.target, lent.plan),
      revoke(lent),
      mysql.setExpiry(world.target, lent.plan, lent.plan.expiresAtMs + 1000),
      mysql.provision(world.target, lent.plan, lent.password),
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ name: "EngineError", kind: "conflict" });
    }
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await nothingIsLeft(lent);
  }
});

test("sessions of somebody whose name differs in case alone go on", async () => {
  const lent = await lendMysql(world);
  const name = lent.plan.name.toUpperCase();
  await world.byHand(`CREATE USER '${name}'@'%' IDENTIFIED BY 'theirs'`);
  const theirs = await world.connect({ username: name, password: "theirs" });
  expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  expect(await refusal(theirs, "SELECT 1")).toBeNull();
  await world.byHand(`DROP USER '${name}'@'%'`);
});

test("the last free slot of a server is enough to end an account", async () => {
  const lent = await lendMysql(world);
  // Sessions of the tests before need a moment to be gone.
  const connected = async () =>
    (await world.byHand("SHOW GLOBAL STATUS LIKE 'Threads_connected'")) as { Value: string }[];
  await expect.poll(async () => Number((await connected())[0]?.Value), { timeout: 10_000 }).toBeLessThan(6);
  await world.byHand("SET GLOBAL max_connections = 15", "CREATE USER application IDENTIFIED BY 'theirs'");
  const taken = [];
  for (;;) {
    try {
      taken.push(await world.connect({ username: "application", password: "theirs" }));
    } catch {
      break;
    }
  }
  expect(taken.length).toBeGreaterThan(5);
  // MySQL still counts the login that it has just refused.
  await sleep(500);
  try {
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  } finally {
    for (const client of taken) client.destroy();
  }
  await sleep(300);
  await world.byHand("SET GLOBAL max_connections = 151", "DROP USER application");
});

test("accounts of others, of whatever name, are as they were", async () => {
  const before = await world.byHand(
    `${flavourWords.accountsInFull} WHERE User NOT LIKE 'dp\\_%' AND User <> 'daypass_admin' ORDER BY User, Host`,
  );
  const lent = await lendMysql(world);
  await revoke(lent);
  expect(
    await world.byHand(
      `${flavourWords.accountsInFull} WHERE User NOT LIKE 'dp\\_%' AND User <> 'daypass_admin' ORDER BY User, Host`,
    ),
  ).toEqual(before);
});
