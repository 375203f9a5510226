import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlWorld, refusal } from "./mysql-world.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const accountsNamed = (name: string) =>
  world.byHand(`SELECT User, Host, locked FROM ${flavourWords.accounts} AS known WHERE User = '${name}'`);

describe("provision", () => {
  test("makes an account that logs in, and no log of the server holds its password", async () => {
    const { plan, password, client } = await lendMysql(world);
    const [rows] = await client.query("SELECT COUNT(*) AS n FROM customers");
    expect(rows).toEqual([{ n: 100 }]);
    const log = world.server.log();
    expect(log).toContain(`CREATE USER '${plan.name}'`);
    expect(log).not.toContain(password);
  });

  test("is repeatable: the same account, one entry, the new end", async () => {
    const { plan, password, serverId, client } = await lendMysql(world);
    const later = { ...plan, expiresAtMs: plan.expiresAtMs + 60_000 };
    const again = await mysql.provision(world.target, later, password);
    expect(again).toMatchObject({ serverId, deadManSwitch: "drop", notGranted: [] });
    expect(await refusal(client, "SELECT * FROM customers")).toBeNull();
    const [found] = (await mysql.listAccounts(world.target)).filter((one) => one.name === plan.name);
    expect(found).toMatchObject({ validUntilMs: later.expiresAtMs, canLogin: true, extraRights: [] });
  });

  test("many attempts at once make one account with its rights", async () => {
    const plan = world.plan({ level: "write" });
    const password = randomBytes(24).toString("base64url");
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => mysql.provision(world.target, plan, password)),
    );
    expect(new Set(outcomes.map((one) => one.serverId)).size).toBe(1);
    expect(await accountsNamed(plan.name)).toHaveLength(1);
    await mysql.verifyLogin(world.target, plan, password);
  });

  test("finishes what a crash left half made", async () => {
    const plan = world.plan();
    const password = randomBytes(24).toString("base64url");
    await mysql.provision(world.target, plan, password);
    await world.byHand(
      `ALTER USER '${plan.name}' ACCOUNT LOCK`,
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM '${plan.name}'`,
      `UPDATE daypass_test.account SET state = 'opening' WHERE name = '${plan.name}'`,
    );
    await mysql.provision(world.target, plan, password);
    await mysql.verifyLogin(world.target, plan, password);
  });

  test("that broke off between two trips comes to the same account when it is repeated", async () => {
    const plan = world.plan({ level: "write" });
    const password = randomBytes(24).toString("base64url");
    await mysql.provision(world.target, plan, password);
    await world.byHand(
      `ALTER USER '${plan.name}' ACCOUNT LOCK`,
      `REVOKE ALL ON shop_a.orders FROM '${plan.name}'`,
      `REVOKE INSERT ON shop_a.customers FROM '${plan.name}'`,
      `UPDATE daypass_test.account SET state = 'opening' WHERE name = '${plan.name}'`,
      "CREATE TABLE shop_a.meanwhile (id int)",
    );
    await mysql.provision(world.target, plan, password);
    await mysql.verifyLogin(world.target, plan, password);
    const client = await world.connect({ username: plan.name, password }, "shop_a");
    for (const statement of [
      "SELECT * FROM orders",
      "SELECT * FROM meanwhile",
      "DELETE FROM orders WHERE 1 = 0",
    ])
      expect(await refusal(client, statement), statement).toBeNull();
    await world.byHand("DROP TABLE shop_a.meanwhile");
    const [found] = (await mysql.listAccounts(world.target)).filter((one) => one.name === plan.name);
    expect(found?.extraRights).toEqual([]);
    await mysql.revoke(world.target, plan);
  });

  test("that was killed between two trips leaves an account that is locked, and its repetition finishes it", async () => {
    const root = await world.server.asRoot();
    // Rights can be given on tables that do not exist yet.
    const objects = Array.from({ length: 450 }, (_, n) => ({ schema: "shop_a", table: `to_create_${n}` }));
    const plan = world.plan({ level: "ddl", scope: { kind: "objects", objects } });
    const password = randomBytes(24).toString("base64url");
    const given = async () => {
      const [rows] = await root.query<RowDataPacket[]>(
        `SELECT COUNT(*) AS n FROM mysql.tables_priv WHERE User = '${plan.name}'`,
      );
      return Number(rows[0]?.["n"]);
    };
    const broken = mysql.provision(world.target, plan, password).catch((error: unknown) => error);
    while ((await given()) < 200) await sleep(5);
    const ids = await world.byHand(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = '${world.target.administrator.username}'`,
    );
    await Promise.allSettled(ids.map((row) => root.query(`KILL ${row["id"]}`)));
    expect(await broken).toMatchObject({ name: "EngineError", kind: "unreachable" });
    expect(await given()).toBeLessThan(450);
    expect(await accountsNamed(plan.name)).toMatchObject([{ locked: 1 }]);

    await mysql.provision(world.target, plan, password);
    expect(await given()).toBe(450);
    await mysql.verifyLogin(world.target, plan, password);
    expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
    expect(await given()).toBe(0);
    await root.end();
  });

  test("never creates a name again that was handed out: its old sessions would have rights again", async () => {
    for (const state of ["open", "expired"]) {
      const { plan, client } = await lendMysql(world);
      await world.byHand(
        `UPDATE daypass_test.account SET state = '${state}' WHERE name = '${plan.name}'`,
        `DROP USER '${plan.name}'`,
      );
      await expect(mysql.provision(world.target, plan, "x")).rejects.toMatchObject({ kind: "conflict" });
      expect(await accountsNamed(plan.name)).toHaveLength(0);
      expect(await refusal(client, "SELECT * FROM customers")).toBe(1142);
      expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
    }
  });

  test("creates a name again that was never unlocked", async () => {
    const plan = world.plan();
    await mysql.provision(world.target, plan, "x");
    await world.byHand(
      `DROP USER '${plan.name}'`,
      `UPDATE daypass_test.account SET state = 'opening' WHERE name = '${plan.name}'`,
    );
    await mysql.provision(world.target, plan, "x");
    await mysql.revoke(world.target, plan);
  });

  test("goes on without tables that are dropped while it gives rights", async () => {
    const names = Array.from({ length: 60 }, (_, n) => `shop_a.brief_${n}`);
    await world.byHand(...names.map((name) => `CREATE TABLE ${name} (id int)`));
    const plan = world.plan();
    const dropping = world.byHand(...names.map((name) => `DROP TABLE ${name}`));
    await mysql.provision(world.target, plan, "x");
    await dropping;
    await mysql.verifyLogin(world.target, plan, "x");
    await mysql.revoke(world.target, plan);
  });

  test("does not wait for a table that somebody is creating", async () => {
    const slow = world.byHand("CREATE TABLE shop_a.slow SELECT SLEEP(6) AS a");
    const plan = world.plan();
    const began = performance.now();
    await mysql.provision(world.target, plan, "x");
    expect(performance.now() - began).toBeLessThan(4_000);
    await slow;
    await world.byHand("DROP TABLE shop_a.slow");
    await mysql.revoke(world.target, plan);
  });

  test("does not open again what was revoked, denied, or locked by hand", async () => {
    const revoked = await lendMysql(world);
    await mysql.revoke(world.target, revoked.plan);
    await expect(mysql.provision(world.target, revoked.plan, "x")).rejects.toMatchObject({
      kind: "conflict",
    });
    expect(await mysql.isAbsent(world.target, revoked.plan.name)).toBe(true);

    const denied = await lendMysql(world);
    expect(await mysql.denyLogin(world.target, denied.plan)).toEqual({ sessionsEnded: 1 });
    await expect(mysql.provision(world.target, denied.plan, "x")).rejects.toMatchObject({ kind: "conflict" });
    await expect(denied.login()).rejects.toMatchObject({ errno: flavourWords.lockedErrno });

    const locked = await lendMysql(world);
    await world.byHand(`ALTER USER '${locked.plan.name}' ACCOUNT LOCK`);
    await expect(mysql.provision(world.target, locked.plan, "x")).rejects.toMatchObject({ kind: "conflict" });
  });

  test("a revocation that came first is found by an attempt that was slow", async () => {
    const plan = world.plan();
    expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
    await expect(mysql.provision(world.target, plan, "x")).rejects.toMatchObject({ kind: "conflict" });
    expect(await accountsNamed(plan.name)).toHaveLength(0);
  });

  test("never adopts or touches an account of somebody else with such a name", async () => {
    const plan = world.plan();
    await world.byHand(`CREATE USER '${plan.name}'@'%' IDENTIFIED BY 'theirs'`);
    const others = [`x${plan.name}`, plan.name.toUpperCase()];
    for (const name of others) await world.byHand(`CREATE USER '${name}'@'%' IDENTIFIED BY 'theirs'`);
    await expect(mysql.provision(world.target, plan, "x")).rejects.toMatchObject({ kind: "conflict" });
    await expect(mysql.revoke(world.target, plan)).rejects.toMatchObject({ kind: "conflict" });
    await expect(mysql.denyLogin(world.target, plan)).rejects.toMatchObject({ kind: "conflict" });
    await expect(mysql.setExpiry(world.target, plan, Date.now() + 1000)).rejects.toMatchObject({
      kind: "conflict",
    });
    for (const name of [plan.name, ...others]) {
      const client = await world.connect({ username: name, password: "theirs" });
      await client.end();
    }
    const names = (await mysql.listAccounts(world.target)).map((one) => one.name);
    for (const name of [plan.name, ...others]) expect(names).not.toContain(name);
    await world.byHand(...[plan.name, ...others].map((name) => `DROP USER '${name}'@'%'`));
  });

  test("an account is its grant's alone, and its stack's", async () => {
    const { plan } = await lendMysql(world);
    const other = { ...plan, grantId: "grant_other" };
    await expect(mysql.provision(world.target, other, "x")).rejects.toMatchObject({ kind: "conflict" });
    await expect(mysql.revoke(world.target, other)).rejects.toMatchObject({ kind: "conflict" });
    const elsewhere = { ...world.target, stack: "other" };
    await expect(mysql.revoke(elsewhere, plan)).rejects.toMatchObject({ kind: "conflict" });
  });

  test.each([
    ["a name that is not ours", { name: "somebody" }, "invalid"],
    ["an end that has passed", { expiresAtMs: Date.now() - 1000 }, "invalid"],
    ["a database that is not there", { database: "nowhere" }, "invalid"],
    ["a system database", { database: "mysql" }, "invalid"],
    ["a register of ours", { database: "daypass_test" }, "invalid"],
    [
      "a table that is not there",
      { scope: { kind: "objects", objects: [{ schema: "shop_a", table: "no" }] } },
      "invalid",
    ],
    [
      "a schema that is another database",
      { scope: { kind: "objects", objects: [{ schema: "payroll" }] } },
      "invalid",
    ],
    ["rights that the administrator cannot lend", { database: "shopXa" }, "permission"],
  ] as const)("refuses %s and leaves nothing behind", async (_what, changes, kind) => {
    const plan = world.plan(changes as Parameters<MysqlWorld["plan"]>[0]);
    await expect(mysql.provision(world.target, plan, "x")).rejects.toMatchObject({ kind });
    if (kind === "permission") await mysql.revoke(world.target, plan);
    expect(await accountsNamed(plan.name)).toHaveLength(0);
  });
});

describe("the account", () => {
  test("can be found renamed, with rights it was not given, or by another host, and is then reported", async () => {
    const renamed = await lendMysql(world);
    const onSame = await lendMysql(world);
    const widened = await lendMysql(world);
    await world.byHand(
      `RENAME USER '${renamed.plan.name}' TO 'innocent'`,
      `GRANT INSERT ON payroll.* TO '${widened.plan.name}'`,
      `CREATE USER '${widened.plan.name}'@'10.0.0.1' IDENTIFIED BY 'x'`,
      `GRANT SELECT ON \`shop\\_a\`.* TO '${onSame.plan.name}'`,
    );
    const found = await mysql.listAccounts(world.target);
    // What it has on each table already, as a right that its sessions would keep.
    expect(found.find((one) => one.name === onSame.plan.name)?.extraRights).toEqual([
      "was given SELECT on `shop\\_a`.*",
    ]);
    expect(found.find((one) => one.name === "innocent")).toMatchObject({
      renamedFrom: renamed.plan.name,
      grantId: renamed.plan.grantId,
    });
    expect(found.find((one) => one.name === widened.plan.name)?.extraRights.toSorted()).toEqual([
      "may come from host 10.0.0.1 by another password",
      "was given INSERT on `payroll`.*",
    ]);
    expect(await mysql.isAbsent(world.target, renamed.plan.name)).toBe(false);
    await expect(mysql.revoke(world.target, renamed.plan)).rejects.toMatchObject({
      kind: "conflict",
      remedy: [`RENAME USER 'innocent'@'%' TO '${renamed.plan.name}'@'%';`],
    });
    await world.byHand(`RENAME USER 'innocent' TO '${renamed.plan.name}'`);
    expect(await mysql.revoke(world.target, renamed.plan)).toMatchObject({ status: "absent" });
    expect(await mysql.revoke(world.target, widened.plan)).toMatchObject({ status: "absent" });
    expect(await accountsNamed(widened.plan.name)).toHaveLength(0);
  });

  test("has no more sessions than its limit", async () => {
    const { login, client } = await lendMysql(world, { connectionLimit: 2 });
    const second = await login();
    await expect(login()).rejects.toMatchObject({ errno: 1226 });
    await Promise.all([client.end(), second.end()]);
  });

  test("cannot move its own end, its mark, its lock, or the register", async () => {
    const { plan, client } = await lendMysql(world, {
      level: "ddl",
      scope: { kind: "objects", objects: [{ schema: "shop_a", table: "customers" }] },
    });
    for (const statement of [
      `ALTER USER '${plan.name}'@'%' WITH MAX_UPDATES_PER_HOUR 0`,
      "ALTER USER CURRENT_USER() ACCOUNT UNLOCK",
      "UPDATE daypass_test.account SET ends_at_ms = 0",
      "DROP EVENT daypass_test.reaper",
      "ALTER EVENT daypass_test.reaper DISABLE",
      "DROP DATABASE daypass_test",
      "SET GLOBAL event_scheduler = OFF",
      "SELECT * FROM daypass_test.server",
    ]) {
      expect(await refusal(client, statement), statement).toBeGreaterThan(1000);
    }
  });
});

test("an end in the past is kept at once", async () => {
  const { plan, login } = await lendMysql(world);
  await mysql.setExpiry(world.target, plan, Date.now() - 1);
  await expect(login()).rejects.toMatchObject({ errno: flavourWords.lockedErrno });
  await expect(mysql.setExpiry(world.target, plan, plan.expiresAtMs)).rejects.toMatchObject({
    kind: "conflict",
  });
  expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent", sessionsEnded: 1 });
});

test("the end is moved, and never for what has ended", async () => {
  const { plan } = await lendMysql(world);
  await mysql.setExpiry(world.target, plan, plan.expiresAtMs + 1000);
  const [found] = (await mysql.listAccounts(world.target)).filter((one) => one.name === plan.name);
  expect(found?.validUntilMs).toBe(plan.expiresAtMs + 1000);
  await mysql.denyLogin(world.target, plan);
  await expect(mysql.setExpiry(world.target, plan, plan.expiresAtMs)).rejects.toMatchObject({
    kind: "conflict",
  });
  await mysql.setExpiry(world.target, plan, Date.now() - 1000);
  await mysql.revoke(world.target, plan);
  await mysql.setExpiry(world.target, plan, Date.now() - 1000);
  await expect(mysql.setExpiry(world.target, plan, plan.expiresAtMs)).rejects.toMatchObject({
    kind: "conflict",
  });
  await expect(mysql.setExpiry(world.target, world.plan(), plan.expiresAtMs)).rejects.toMatchObject({
    kind: "conflict",
  });
});
