import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

describe("what is left behind", () => {
  test("tables with rows go to the keeper under another name; views, functions, types and empty tables of two databases are dropped", async () => {
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
    const result = await revoke(world, shop);
    expect(result).toMatchObject({
      status: "absent",
      databasesVisited: expect.arrayContaining(["payroll", "shop"]),
      sessionsEnded: 2,
    });
    expect(result.status === "absent" && result.keptObjects).toEqual([
      expect.stringMatching(/^shop: table public\.report, now public\.daypass_left_\d+_report$/),
    ]);
    await expectGone(world, shop);
    const owners = await world.byHand(
      "shop",
      "SELECT oid::regclass::text AS name, pg_get_userbyid(relowner)::text AS owner, relacl::text FROM pg_class WHERE relname ~ '(report|peek|numbers)$'",
    );
    expect(owners).toEqual([
      {
        name: expect.any(String),
        owner: "daypass_keeper_test",
        relacl: expect.not.stringMatching(/app_owner|[{,]=/),
      },
    ]);
    const report = String(owners[0]?.["name"]);
    expect(await world.byHand("shop", `SELECT count(*)::int AS rows FROM ${report}`)).toEqual([
      { rows: 100 },
    ]);
    for (const [query, code] of [
      ["SELECT * FROM peek", "42P01"],
      ["SELECT * FROM steal()", "42883"],
      ["SELECT 'good'::mood", "42704"],
    ] as const) {
      await expect(world.byHand("shop", query)).rejects.toMatchObject({ code });
    }
    await expect(world.byHand("payroll", "SELECT * FROM copy")).rejects.toMatchObject({ code: "42P01" });
    const [keeper] = await world.byHand(
      "shop",
      "SELECT has_schema_privilege('daypass_keeper_test', 'public', 'CREATE') AS create, has_table_privilege('daypass_keeper_test', 'customers', 'SELECT') AS read",
    );
    expect(keeper).toEqual({ create: false, read: false });
    const reader = await lend(world);
    await expect(reader.client.query(`SELECT * FROM ${report}`)).rejects.toMatchObject({ code: "42501" });
    await reader.client.end();
  });

  test("a function that waits under the name of a common one is gone after the end", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query(
      "CREATE FUNCTION public.lower(character varying) RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN 'ran as ' || current_user; END$$",
    );
    await lent.client.query(
      "CREATE PROCEDURE public.tidy_up() LANGUAGE plpgsql AS $$BEGIN PERFORM 1; END$$; GRANT EXECUTE ON PROCEDURE public.tidy_up() TO app_owner",
    );
    await lent.client.query("CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int)");
    await revoke(world, lent);
    await expectGone(world, lent);
    const left = await world.byHand(
      "shop",
      "SELECT proname::text AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname ~ '(lower|tidy_up|total)'",
    );
    expect(left).toEqual([]);
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
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    await world.byHand(
      "shop",
      "UPDATE customers SET note = NULL WHERE id = 2",
      "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC",
    );
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
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    expect(await world.byHand("shop", "SELECT gid FROM pg_prepared_xacts")).toEqual([]);
    const owned = await world.byHand(
      "shop",
      "SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) LIKE 'daypass_create%'",
    );
    expect(owned).toEqual([]);
  });
});
