import type { RevokeStep } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

describe("sessions", () => {
  test("in a long statement, idle, in a transaction, with a cursor and with locks all die", async () => {
    const lent = await lend(world, { level: "write" });
    const sleeping = lent.client.query("SELECT pg_sleep(600)");
    const sleepingEnds = expect(sleeping).rejects.toMatchObject({ code: "57P01" });
    const inTransaction = await lent.login();
    await inTransaction.query("BEGIN");
    await inTransaction.query("UPDATE customers SET note = 'never' WHERE id = 1");
    const withCursor = await lent.login();
    await withCursor.query("BEGIN");
    await withCursor.query("DECLARE rows CURSOR FOR SELECT * FROM customers");
    await withCursor.query("FETCH 1 FROM rows");
    const withLocks = await lent.login();
    await withLocks.query("SELECT pg_advisory_lock(1), pg_advisory_lock(hashtext('rights'))");
    const listening = await lent.login();
    await listening.query("LISTEN anything");
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent", sessionsEnded: 5 });
    await sleepingEnds;
    await expect(withCursor.query("FETCH 1 FROM rows")).rejects.toThrow();
    expect(await world.byHand("shop", "SELECT note FROM customers WHERE id = 1")).toEqual([{ note: null }]);
    await expectGone(world, lent);
  });
});

describe("what was changed meanwhile", () => {
  test("the account's own password and settings, changed by itself, change nothing", async () => {
    const lent = await lend(world);
    const own = newPassword();
    await lent.client.query(`ALTER ROLE CURRENT_USER PASSWORD '${own}'`);
    await lent.client.query("ALTER ROLE CURRENT_USER SET statement_timeout = 0");
    await lent.client.query("ALTER ROLE CURRENT_USER IN DATABASE shop SET search_path = crm");
    await world.connect({ username: lent.plan.name, password: own }, "shop");
    expect(await revoke(world, lent)).toMatchObject({ status: "absent", sessionsEnded: 2 });
    await expectGone(world, lent);
    await expect(world.connect({ username: lent.plan.name, password: own }, "shop")).rejects.toMatchObject({
      code: "28P01",
    });
  });
  test("roles it was given by hand and roles that were given it go with it", async () => {
    const lent = await lend(world);
    await world.byHand(
      "postgres",
      "CREATE ROLE friend",
      "CREATE ROLE follower",
      `GRANT "${lent.plan.name}" TO follower`,
      `GRANT friend TO "${lent.plan.name}"`,
    );
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    await world.byHand("postgres", "DROP ROLE friend", "DROP ROLE follower");
  });
  test("the administrator's own rights, given to it by hand on PostgreSQL 15, do not keep it alive", async () => {
    const lent = await lend(world);
    const given = world.byHand("postgres", `GRANT daypass_admin TO "${lent.plan.name}"`);
    if (world.server.majorVersion >= 16) await expect(given).rejects.toMatchObject({ code: "0LP01" });
    else await given;
    expect(await revoke(world, lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    await expectGone(world, lent);
  });
});

describe("repeated", () => {
  test("many times at once leaves no membership in a role that is gone", async () => {
    for (let round = 0; round < 10; round += 1) {
      const lent = await lend(world);
      await Promise.all(Array.from({ length: 5 }, () => revoke(world, lent)));
    }
    const dangling = await world.byHand(
      "postgres",
      `SELECT roleid FROM pg_auth_members m WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = m.roleid)
         OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = m.member)`,
    );
    expect(dangling).toEqual([]);
  });

  test("after it was stopped behind any of its steps it comes to the same end", async () => {
    const steps: RevokeStep["step"][] = ["login-denied", "sessions-ended", "database-cleaned", "dropped"];
    for (const stopAt of steps) {
      const lent = await lend(world, { level: "ddl" });
      await lent.client.query("CREATE TABLE half_way (id int)");
      const stopped = postgres.revoke(world.target, lent.plan, ({ step }) => {
        if (step === stopAt) throw new Error("the machine stopped here");
      });
      await expect(stopped).rejects.toMatchObject({
        name: "EngineError",
        cause: { message: "the machine stopped here" },
      });
      if (stopAt !== "dropped")
        expect(
          (await postgres.listAccounts(world.target)).find((one) => one.name === lent.plan.name)?.canLogin,
        ).toBe(false);
      expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
      await expectGone(world, lent);
      await world.byHand("shop", "DROP TABLE IF EXISTS half_way");
    }
  });
});
