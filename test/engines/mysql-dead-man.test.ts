import { setTimeout as sleep } from "node:timers/promises";
import type { AccountPlan } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld, refusal } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** Nothing of ours is called after the loan in these tests: what happens, the server does by itself. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

async function until(what: () => Promise<boolean>, patienceMs: number): Promise<number> {
  const startedAt = Date.now();
  while (!(await what())) {
    if (Date.now() - startedAt > patienceMs) throw new Error("it did not happen in time");
    await sleep(100);
  }
  return Date.now() - startedAt;
}

const accountIsLeft = async ({ plan }: MysqlLent) =>
  (await world.byHand(`SELECT 1 FROM ${flavourWords.accounts} AS known WHERE User = '${plan.name}'`)).length >
  0;
const sessionIsLeft = async ({ plan }: MysqlLent) =>
  (await world.byHand(`SELECT 1 FROM information_schema.PROCESSLIST WHERE BINARY USER = '${plan.name}'`))
    .length > 0;

test("at its end an account lets nobody in, its sessions are ended, and it is dropped, with all of ours switched off", async () => {
  const endsAtMs = Date.now() + 3_000;
  const lent = await lendMysql(world, { expiresAtMs: endsAtMs, level: "write" });
  await lent.client.query("START TRANSACTION");
  await lent.client.query("SELECT * FROM customers FOR UPDATE");
  const others = await Promise.all([lent.login(), lent.login()]);
  const bystander = await lendMysql(world);
  expect(await refusal(lent.client, "SELECT 1")).toBeNull();

  await until(async () => !(await sessionIsLeft(lent)), 20_000);
  const lockedAfterMs = Date.now() - endsAtMs;
  expect(lockedAfterMs).toBeGreaterThanOrEqual(0);
  expect(lockedAfterMs).toBeLessThan(15_000);
  await expect(lent.login()).rejects.toMatchObject({ errno: flavourWords.endedErrno });
  for (const client of [lent.client, ...others]) expect(await refusal(client, "SELECT 1")).not.toBeNull();

  await until(async () => !(await accountIsLeft(lent)), 90_000);
  expect(await refusal(bystander.client, "SELECT * FROM customers")).toBeNull();
  expect(await mysql.isAbsent(world.target, lent.plan.name)).toBe(true);
  // What comes late finds nothing left to do, and says so.
  expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
}, 150_000);

test("a later end moves it, and a revocation leaves it nothing to do", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 2_000 });
  await mysql.setExpiry(world.target, lent.plan, Date.now() + 3_600_000);
  const gone = await lendMysql(world);
  await mysql.revoke(world.target, gone.plan);
  await sleep(12_000);
  expect(await refusal(lent.client, "SELECT * FROM customers")).toBeNull();
  const [entry] = await world.byHand(
    `SELECT state, error, dropped_at_ms IS NULL AS waits FROM daypass_test.account WHERE name = '${gone.plan.name}'`,
  );
  expect(entry).toEqual({ state: "closed", error: null, waits: 0 });
});

test("it finishes a revocation that was broken off", async () => {
  const lent = await lendMysql(world);
  await mysql.denyLogin(world.target, lent.plan);
  await until(async () => !(await accountIsLeft(lent)), 90_000);
}, 120_000);

test("a register that cannot be written, as on a full disk, does not keep an account from its end", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 3_000 });
  const full =
    "FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'";
  await world.byHand(
    `CREATE TRIGGER daypass_test.full_register BEFORE UPDATE ON daypass_test.account ${full}`,
    `CREATE TRIGGER daypass_test.full_server BEFORE UPDATE ON daypass_test.server ${full}`,
  );
  try {
    await until(async () => !(await sessionIsLeft(lent)), 20_000);
    await expect(lent.login()).rejects.toMatchObject({ errno: flavourWords.endedErrno });
  } finally {
    await world.byHand("DROP TRIGGER daypass_test.full_register", "DROP TRIGGER daypass_test.full_server");
  }
  expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
}, 60_000);

test("an end that came while the server was down is kept after its start", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 1_500 });
  await world.server.stop();
  await sleep(2_000);
  await world.server.start();
  await until(async () => {
    const [row] = await world.byHand(
      `SELECT locked FROM ${flavourWords.accounts} AS known WHERE User = '${lent.plan.name}'`,
    );
    return row === undefined || row["locked"] === 1;
  }, 20_000);
});

test("it leaves somebody alone whose name differs in case alone", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 1_500 });
  const name = lent.plan.name.toUpperCase();
  await world.byHand(`CREATE USER '${name}'@'%' IDENTIFIED BY 'theirs'`);
  const theirs = await world.connect({ username: name, password: "theirs" });
  await until(async () => !(await sessionIsLeft(lent)), 20_000);
  await sleep(6_000);
  expect(await refusal(theirs, "SELECT 1")).toBeNull();
  await (await world.connect({ username: name, password: "theirs" })).end();
});

test("an account that is not ours is left alone, whatever the register says", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 1_500 });
  await world.byHand(
    `DROP USER '${lent.plan.name}'@'%'`,
    `CREATE USER '${lent.plan.name}'@'%' IDENTIFIED BY 'theirs'`,
  );
  await sleep(8_000);
  await (await world.connect({ username: lent.plan.name, password: "theirs" })).end();
  await world.byHand(`DROP USER '${lent.plan.name}'@'%'`);
});

test("a mint says whether the switch is armed, and sets it up anew where somebody disarmed it", async () => {
  const plan = world.plan();
  await world.byHand("SET GLOBAL event_scheduler = OFF");
  expect(await mysql.provision(world.target, plan, "x")).toMatchObject({ deadManSwitch: "none" });
  await world.byHand("SET GLOBAL event_scheduler = ON", "ALTER EVENT daypass_test.reaper DISABLE");
  if (flavourUnderTest === "mysql") await dropForeignReaper(plan);
  expect(await mysql.provision(world.target, plan, "x")).toMatchObject({ deadManSwitch: "drop" });
  const [event] = await world.byHand(
    "SELECT STATUS AS status, DEFINER AS definer FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'daypass_test'",
  );
  expect(event).toEqual({ status: "ENABLED", definer: "daypass_admin@%" });
  await mysql.revoke(world.target, plan);
});

/** Whoever changed the event owns it, and MySQL lets nobody below root touch what is root's. */
async function dropForeignReaper(plan: AccountPlan): Promise<void> {
  expect(await mysql.provision(world.target, plan, "x")).toMatchObject({ deadManSwitch: "none" });
  const { checks } = await mysql.preflight(world.target);
  const found = checks.find(({ id }) => id === "dead-man-switch");
  expect(found).toMatchObject({
    status: "warning",
    statements: [{ sql: "DROP EVENT `daypass_test`.`reaper`;" }],
  });
  for (const { sql } of found?.statements ?? []) await world.byHand(sql);
}
