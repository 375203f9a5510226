import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld, refusal } from "./mysql-world.ts";

/** What one holder does must not keep the others' accounts from ending, nor others from working. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
  await world.byHand(
    "CREATE USER application IDENTIFIED BY 'theirs'",
    "GRANT SELECT ON shop_a.* TO application",
  );
}, 60_000);
afterAll(() => world.remove());

/** Logs in and reads as an application does; answers how long that took at worst, once it is told to stop. */
function bystander(): () => Promise<number> {
  let isOver = false;
  let worstMs = 0;
  const working = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      const client = await world.connect({ username: "application", password: "theirs" }, "shop_a");
      await client.query("SELECT COUNT(*) FROM customers");
      client.destroy();
      worstMs = Math.max(worstMs, performance.now() - startedAt);
      await sleep(20);
    }
  })();
  return async () => {
    isOver = true;
    await working;
    return worstMs;
  };
}

test.each(["revoked", "denied login"])(
  "eight sessions that change their password for ever stop nobody while they are %s",
  async (end) => {
    const lent = await lendMysql(world);
    const clients = await Promise.all(Array.from({ length: 8 }, () => lent.login()));
    const loops = clients.map(async (client) => {
      for (let n = 0; ; n += 1) await client.query(flavourWords.setOwnPassword(`its own ${n}`));
    });
    const ended = Promise.allSettled(loops);
    await sleep(500);
    const stop = bystander();
    const startedAt = performance.now();
    if (end === "revoked") {
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
    } else await mysql.denyLogin(world.target, lent.plan);
    expect(performance.now() - startedAt).toBeLessThan(end === "revoked" ? 4_000 : 10_000);
    expect(await stop()).toBeLessThan(3_000);
    await ended;
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
  },
);

/** Takes every prepared statement that the server still has to give, in as many sessions as the account may have. */
async function takePreparedStatements(lent: MysqlLent): Promise<void> {
  await world.byHand("SET GLOBAL max_prepared_stmt_count = 200");
  for (const client of [lent.client, await lent.login(), await lent.login()]) {
    const failure = await prepareUntilRefused(client);
    if (failure === 1461) return;
  }
  throw new Error("the server gave more prepared statements than it should");
}

async function prepareUntilRefused(client: MysqlLent["client"]): Promise<number | null> {
  for (let n = 0; n < 300; n += 1) {
    const failure = await refusal(client, `PREPARE s${n} FROM 'SELECT 1'`);
    if (failure !== null) return failure;
  }
  return null;
}

describe("while one account holds all prepared statements of the server", () => {
  afterEach(() => world.byHand("SET GLOBAL max_prepared_stmt_count = DEFAULT"));

  test("others are lent to, denied login, listed and revoked, and so is it", async () => {
    const hostile = await lendMysql(world);
    const innocent = await lendMysql(world);
    await takePreparedStatements(hostile);
    await mysql.setExpiry(world.target, innocent.plan, Date.now() + 7_200_000);
    expect(await mysql.denyLogin(world.target, innocent.plan)).toEqual({ sessionsEnded: 1 });
    const late = await lendMysql(world);
    expect((await mysql.listAccounts(world.target)).map(({ name }) => name)).toContain(late.plan.name);
    for (const { plan } of [innocent, late, hostile])
      expect(await mysql.revoke(world.target, plan)).toMatchObject({ status: "absent" });
  });

  test("the server ends it by itself", async () => {
    const hostile = await lendMysql(world, { expiresAtMs: Date.now() + 4_000 });
    await takePreparedStatements(hostile);
    await expect
      .poll(() => hostile.login().catch((error: unknown) => error), { timeout: 20_000, interval: 500 })
      .toMatchObject({ errno: flavourWords.endedErrno });
    await expect
      .poll(() => refusal(hostile.client, "SELECT 1"), { timeout: 10_000, interval: 200 })
      .not.toBeNull();
    expect(await mysql.revoke(world.target, hostile.plan)).toMatchObject({ status: "absent" });
  }, 60_000);
});

test("tables that are being created for ever do not keep another's account from ending", async () => {
  const objects = Array.from({ length: 8 }, (_, place) => ({ schema: "shop_a", table: `t${place}` }));
  const hostile = await lendMysql(world, {
    level: "ddl",
    scope: { kind: "objects", objects },
    connectionLimit: 12,
  });
  const innocent = await lendMysql(world);
  const clients = await Promise.all(Array.from({ length: 8 }, () => hostile.login()));
  const busy = clients.map((client, place) =>
    client.query(`CREATE TABLE t${place} AS SELECT SLEEP(25) AS s`).catch((error: unknown) => error),
  );
  await sleep(500);
  const startedAt = performance.now();
  expect(await mysql.revoke(world.target, innocent.plan)).toMatchObject({ status: "absent" });
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  expect(await mysql.revoke(world.target, hostile.plan)).toMatchObject({ status: "absent" });
  await Promise.all(busy);
});

test("a statement that does not notice its end is told as that, and holds up nobody else", async () => {
  const hostile = await lendMysql(world);
  const client = await hostile.login();
  const half = "REPEAT('a', 8000000)";
  const busy = client
    .query(`SELECT INSTR(CONCAT(${half}, 'b'), CONCAT(REPEAT('a', 4000000), 'c'))`)
    .catch((error: unknown) => error);
  await sleep(500);
  const innocent = await lendMysql(world);
  const [revocation, other] = await Promise.all([
    mysql.revoke(world.target, hostile.plan),
    mysql.revoke(world.target, innocent.plan),
  ]);
  expect(other).toMatchObject({ status: "absent" });
  expect(revocation).toMatchObject({
    status: "quarantined",
    reason: "other",
    loginDenied: true,
    sessionsLeft: 1,
  });
  expect(JSON.stringify(revocation)).toMatch(/a statement that does not notice its end/);
  await busy;
}, 120_000);
