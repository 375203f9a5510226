import type { RevokeStep } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lent, lend } from "./postgres-lend.ts";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

const revoke = (lent: Lent) => postgres.revoke(world.target, { ...lent.plan, serverId: lent.serverId });

async function expectGone(lent: Lent) {
  expect(await postgres.isAbsent(world.target, lent.plan.name)).toBe(true);
  const left = await world.byHand(
    "postgres",
    `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE usesysid = ${lent.serverId}) AS sessions,
       (SELECT count(*)::int FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = ${lent.serverId}) AS dependencies,
       (SELECT count(*)::int FROM pg_auth_members WHERE member = ${lent.serverId} OR roleid = ${lent.serverId}) AS memberships,
       (SELECT count(*)::int FROM pg_prepared_xacts WHERE owner = '${lent.plan.name}') AS prepared`,
  );
  expect(left).toEqual([{ sessions: 0, dependencies: 0, memberships: 0, prepared: 0 }]);
  await expect(lent.login()).rejects.toMatchObject({ code: "28P01" });
}

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
    const result = await revoke(lent);
    expect(result).toMatchObject({ status: "absent", sessionsEnded: 5 });
    await sleepingEnds;
    await expect(withCursor.query("FETCH 1 FROM rows")).rejects.toThrow();
    expect(await world.byHand("shop", "SELECT note FROM customers WHERE id = 1")).toEqual([{ note: null }]);
    await expectGone(lent);
  });
});

describe("what is left behind", () => {
  test("tables, views, functions and types of two databases go to the keeper, who has no right on data", async () => {
    const shop = await lend(world, { level: "ddl" });
    await shop.client.query("CREATE TABLE report AS SELECT * FROM customers");
    await shop.client.query("CREATE INDEX ON report (id)");
    await shop.client.query("CREATE VIEW peek AS SELECT * FROM customers");
    await shop.client.query("CREATE SEQUENCE crm.numbers");
    await shop.client.query("CREATE TYPE mood AS ENUM ('good')");
    await shop.client.query(
      "CREATE FUNCTION steal() RETURNS SETOF customers LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM customers'",
    );
    await shop.client.query("GRANT SELECT ON report, peek TO PUBLIC");
    await shop.client.query("GRANT SELECT (email) ON report TO app_owner WITH GRANT OPTION");
    // Made as somebody gave it the right by hand in a second database.
    await world.byHand(
      "payroll",
      "SET ROLE daypass_admin",
      `GRANT CONNECT ON DATABASE payroll TO "${shop.plan.name}"`,
      `GRANT USAGE, CREATE ON SCHEMA public TO "${shop.plan.name}"`,
    );
    const payroll = await shop.login("payroll");
    await payroll.query("CREATE TABLE public.copy (id int)");
    const result = await revoke(shop);
    expect(result).toMatchObject({
      status: "absent",
      databasesVisited: expect.arrayContaining(["payroll", "shop"]),
      sessionsEnded: 2,
    });
    expect(result.status === "absent" && result.keptObjects).toEqual(
      expect.arrayContaining([
        "payroll: table public.copy",
        "shop: table public.report",
        "shop: view public.peek",
        "shop: function public.steal()",
        "shop: type public.mood",
      ]),
    );
    await expectGone(shop);
    const owners = await world.byHand(
      "shop",
      "SELECT relname::text AS name, pg_get_userbyid(relowner)::text AS owner, relacl::text FROM pg_class WHERE relname IN ('report', 'peek', 'numbers') ORDER BY 1",
    );
    for (const row of owners) {
      expect(row["owner"]).toBe("daypass_keeper_test");
      expect(String(row["relacl"])).not.toMatch(/app_owner|[{,]=/);
    }
    await expect(world.byHand("shop", "SELECT * FROM peek")).rejects.toMatchObject({ code: "42501" });
    await expect(world.byHand("shop", "SELECT * FROM steal()")).rejects.toMatchObject({ code: "42501" });
    const [keeper] = await world.byHand(
      "shop",
      "SELECT has_schema_privilege('daypass_keeper_test', 'public', 'CREATE') AS create, has_table_privilege('daypass_keeper_test', 'customers', 'SELECT') AS read",
    );
    expect(keeper).toEqual({ create: false, read: false });
    const reader = await lend(world);
    await expect(reader.client.query("SELECT * FROM report")).rejects.toMatchObject({ code: "42501" });
    await reader.client.end();
  });

  test("a function that waits under the name of a common one runs for nobody after the end", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query(
      "CREATE FUNCTION public.lower(character varying) RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN 'ran as ' || current_user; END$$",
    );
    await lent.client.query(
      "CREATE PROCEDURE public.tidy_up() LANGUAGE plpgsql AS $$BEGIN PERFORM 1; END$$; GRANT EXECUTE ON PROCEDURE public.tidy_up() TO app_owner",
    );
    await lent.client.query("CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int)");
    await revoke(lent);
    await expectGone(lent);
    const runnable = await world.byHand(
      "shop",
      `SELECT p.proname::text AS name FROM pg_proc p
       WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('lower', 'tidy_up', 'total')
         AND has_function_privilege('app_owner', p.oid, 'EXECUTE')`,
    );
    expect(runnable).toEqual([]);
  });

  test("large objects, temporary tables, default privileges and a prepared transaction hold nothing back", async () => {
    await world.byHand("shop", "GRANT TEMPORARY ON DATABASE shop TO PUBLIC");
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("SELECT lo_from_bytea(0, 'kept')");
    await lent.client.query("CREATE TEMP TABLE scratch (id int)");
    await lent.client.query("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_owner");
    await lent.client.query("ALTER DEFAULT PRIVILEGES IN SCHEMA crm GRANT ALL ON TABLES TO PUBLIC");
    await world.byHand(
      "shop",
      "SET ROLE app_owner",
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "${lent.plan.name}"`,
    );
    await world.byHand(
      "shop",
      "SET ROLE app_owner",
      `ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM "${lent.plan.name}"`,
    );
    const preparing = await lent.login();
    await preparing.query("BEGIN");
    await preparing.query("UPDATE customers SET note = 'prepared' WHERE id = 2");
    await preparing.query("PREPARE TRANSACTION 'it''s \\ odd'");
    const result = await revoke(lent);
    expect(result).toMatchObject({ status: "absent" });
    await expectGone(lent);
    await world.byHand(
      "shop",
      "UPDATE customers SET note = NULL WHERE id = 2",
      "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC",
    );
  });

  test("the account's own password and settings, changed by itself, change nothing", async () => {
    const lent = await lend(world);
    const own = newPassword();
    await lent.client.query(`ALTER ROLE CURRENT_USER PASSWORD '${own}'`);
    await lent.client.query("ALTER ROLE CURRENT_USER SET statement_timeout = 0");
    await lent.client.query("ALTER ROLE CURRENT_USER IN DATABASE shop SET search_path = crm");
    await world.connect({ username: lent.plan.name, password: own }, "shop");
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 2 });
    await expectGone(lent);
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
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await expectGone(lent);
    await world.byHand("postgres", "DROP ROLE friend", "DROP ROLE follower");
  });

  test("the administrator's own rights, given to it by hand on PostgreSQL 15, do not keep it alive", async () => {
    const lent = await lend(world);
    const given = world.byHand("postgres", `GRANT daypass_admin TO "${lent.plan.name}"`);
    if (world.server.majorVersion >= 16) await expect(given).rejects.toMatchObject({ code: "0LP01" });
    else await given;
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    await expectGone(lent);
  });

  test("what a member did in its group's name on PostgreSQL 15 is cleaned, and refused by later versions", async () => {
    const lent = await lend(world, { level: "ddl" });
    const groups = (
      await lent.client.query<{ name: string }>(
        "SELECT rolname::text AS name FROM pg_roles WHERE rolname LIKE 'daypass_%' AND pg_has_role(oid, 'USAGE') ORDER BY 1",
      )
    ).rows.map((row) => row.name);
    expect(groups).toHaveLength(2);
    for (const group of groups) {
      const become = lent.client.query(`SET ROLE "${group}"`);
      if (world.server.majorVersion >= 16) await expect(become).rejects.toMatchObject({ code: "42501" });
      else await become;
    }
    if (world.server.majorVersion < 16) {
      const [create = "", write = ""] = groups;
      await lent.client.query(`SET ROLE "${create}"`);
      await lent.client.query(
        "CREATE FUNCTION crm.stay() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'CREATE TABLE crm.again (id int)'",
      );
      await lent.client.query(`SET ROLE "${write}"`);
      await expect(
        lent.client.query(
          "CREATE FUNCTION crm.read() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ),
      ).rejects.toMatchObject({ code: "42501" });
      await lent.client.query("BEGIN");
      await lent.client.query("UPDATE customers SET note = 'group' WHERE id = 3");
      await lent.client.query("PREPARE TRANSACTION 'in the name of a group'");
    }
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await expectGone(lent);
    expect(await world.byHand("shop", "SELECT gid FROM pg_prepared_xacts")).toEqual([]);
    const owned = await world.byHand(
      "shop",
      "SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) LIKE 'daypass_create%'",
    );
    expect(owned).toEqual([]);
  });
});

describe("repeated", () => {
  test("many times at once leaves no membership in a role that is gone", async () => {
    for (let round = 0; round < 10; round += 1) {
      const lent = await lend(world);
      await Promise.all(Array.from({ length: 5 }, () => revoke(lent)));
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
      expect(await revoke(lent)).toMatchObject({ status: "absent" });
      await expectGone(lent);
      await world.byHand("shop", "DROP TABLE half_way");
    }
  });
});

describe("quarantine", () => {
  test("by a lock on what it owns says who holds it, and ends once that is over", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE locked (id int)");
    const holder = await world.connect(world.server.superuser, "shop");
    await holder.query("BEGIN");
    await holder.query("LOCK TABLE locked IN ACCESS SHARE MODE");
    const result = await revoke(lent);
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "lock",
      loginDenied: true,
      sessionsLeft: 0,
      sessionsEnded: 1,
      blockers: expect.arrayContaining([
        "shop: owner of table public.locked",
        expect.stringMatching(/^shop: process \d+ of root_of_server holds a lock on locked$/),
      ]),
      remedy: expect.arrayContaining([expect.stringMatching(/^SELECT pg_terminate_backend\(\d+\);$/)]),
    });
    await expect(lent.login()).rejects.toMatchObject({ code: "28000" });
    await holder.query("ROLLBACK");
    await holder.end();
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await expectGone(lent);
  });

  test("by a right that somebody else gave names it, and its remedy works", async () => {
    const lent = await lend(world);
    await world.byHand(
      "shop",
      "CREATE TABLE of_root (id int)",
      `GRANT SELECT ON of_root TO "${lent.plan.name}"`,
    );
    const result = await revoke(lent);
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: true,
      sessionsLeft: 0,
      blockers: expect.arrayContaining(["shop: rights on table public.of_root"]),
    });
    if (result.status !== "quarantined") return;
    expect(result.remedy[0]).toBe("\\connect shop");
    await world.byHand("shop", ...result.remedy.slice(1));
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await expectGone(lent);
  });

  test("by a database that accepts no connections names it", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE shut_in (id int)");
    await lent.client.end();
    await world.byHand("postgres", "ALTER DATABASE shop ALLOW_CONNECTIONS false");
    expect(await revoke(lent)).toMatchObject({
      status: "quarantined",
      loginDenied: true,
      blockers: expect.arrayContaining([expect.stringContaining("shop accepts no connections")]),
      remedy: expect.arrayContaining(['ALTER DATABASE "shop" ALLOW_CONNECTIONS true;']),
    });
    await world.byHand("postgres", "ALTER DATABASE shop ALLOW_CONNECTIONS true");
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await expectGone(lent);
  });

  test("by a superuser's attribute that somebody gave it says so", async () => {
    const lent = await lend(world);
    await world.byHand("postgres", `ALTER ROLE "${lent.plan.name}" SUPERUSER`);
    expect(await revoke(lent)).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: false,
    });
    await world.byHand("postgres", `ALTER ROLE "${lent.plan.name}" NOSUPERUSER`);
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });
});
