import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opening } from "./postgres-hostile.ts";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

const create = (first: number, count: number) =>
  `SELECT lo_create(n) FROM generate_series(${first}, ${first + count - 1}) n`;
const onEach = (first: number, count: number, step: number, change: string) =>
  `DO $$ BEGIN FOR n IN ${first}..${first + count - 1} BY ${step} LOOP EXECUTE format('${change}', n); END LOOP; END $$`;

async function remaining(first: number, count: number): Promise<number> {
  const [row] = await world.byHand(
    "shop",
    `SELECT count(*)::int AS found FROM pg_largeobject_metadata WHERE oid BETWEEN ${first} AND ${first + count - 1}`,
  );
  return Number(row?.["found"]);
}

describe("what others hold up", () => {
  test("are rights that a friend gave and has locked, and the account's own objects go all the same", async () => {
    const [lent, friend] = [await lend(world), await lend(world)];
    await friend.client.query(create(100_000, 4_000));
    await friend.client.query(
      onEach(100_000, 4_000, 1, `GRANT SELECT ON LARGE OBJECT %s TO "${lent.plan.name}"`),
    );
    await lent.client.query(create(200_000, 1));
    await lent.client.query("GRANT SELECT ON LARGE OBJECT 200000 TO PUBLIC");
    await opening(friend, [onEach(100_000, 4_000, 100, "GRANT UPDATE ON LARGE OBJECT %s TO daypass_admin")]);
    const startedAt = performance.now();
    const result = await revoke(world, lent);
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect(result).toMatchObject({ status: "quarantined", reason: "lock", loginDenied: true });
    expect(await remaining(200_000, 1)).toBe(0);
    expect(await revoke(world, friend)).toMatchObject({ status: "absent" });
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  }, 120_000);

  test("are the first objects that sort, and those behind them go all the same", async () => {
    const [lent, friend] = [await lend(world), await lend(world)];
    await lent.client.query(create(300_000, 1_500));
    const grant = `GRANT SELECT ON LARGE OBJECT %s TO "${friend.plan.name}" WITH GRANT OPTION`;
    await lent.client.query(onEach(300_000, 1_000, 1, grant));
    await opening(friend, [onEach(300_000, 1_000, 1, "GRANT SELECT ON LARGE OBJECT %s TO PUBLIC")]);
    const startedAt = performance.now();
    const result = await revoke(world, lent);
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect(result).toMatchObject({ status: "quarantined", reason: "lock", loginDenied: true });
    expect(await remaining(301_000, 500)).toBe(0);
    expect(await revoke(world, friend)).toMatchObject({ status: "absent" });
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  }, 120_000);

  test("is one database that lets nobody in, and login is denied and the others are cleaned", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE crm.left_behind (id int)");
    await world.byHand(
      "payroll",
      "SET ROLE daypass_admin",
      `GRANT SELECT ON salaries TO "${lent.plan.name}"`,
      `GRANT CONNECT ON DATABASE payroll TO "${lent.plan.name}"`,
    );
    await opening(lent, ["SELECT txid_current()", "PREPARE TRANSACTION 'held'"], "payroll");
    await world.byHand("postgres", "ALTER DATABASE payroll CONNECTION LIMIT 0");
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "quarantined", loginDenied: true });
    expect(JSON.stringify(result)).toContain("too many connections");
    const left = await world.byHand("shop", "SELECT FROM pg_class WHERE relname = 'left_behind'");
    expect(left).toHaveLength(0);
    await world.byHand("postgres", "ALTER DATABASE payroll CONNECTION LIMIT -1");
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });
});

test("thirty thousand large objects are read a page at a time", async () => {
  const lent = await lend(world);
  for (let start = 0; start < 30_000; start += 3_000) await lent.client.query(create(500_000 + start, 3_000));
  expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  expect(await remaining(500_000, 30_000)).toBe(0);
}, 120_000);
