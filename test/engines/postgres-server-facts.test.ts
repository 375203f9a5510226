import { postgres } from "@daypass/databases/postgres/engine.ts";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lend } from "./postgres-lend.ts";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

test("a server tells its identity to the administrator, the same each time, and another server tells another", async () => {
  const other = await buildWorld();
  const [first, again, second] = [
    await postgres.serverIdentity(world.target),
    await postgres.serverIdentity(world.target),
    await postgres.serverIdentity(other.target),
  ];
  await other.remove();
  expect(first).toMatch(/^postgres:[0-9]{10,20}$/);
  expect(again).toBe(first);
  expect(second).not.toBe(first);
});

test("where the provider keeps it to itself there is none, and that is no failure", async () => {
  await world.byHand("postgres", "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
  expect(await postgres.serverIdentity(world.target)).toBeNull();
  await world.byHand("postgres", "GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC");
});

describe("preflight", () => {
  const find = async (id: string, database: string | null = null) =>
    (await postgres.preflight(world.target)).checks.find(
      (check) => check.id === id && check.database === database,
    );

  test("of a server made ready by the printed statements finds nothing missing", async () => {
    const result = await postgres.preflight(world.target);
    expect(result.majorVersion).toBe(world.server.majorVersion);
    expect(result.ready).toBe(true);
    expect(result.checks.filter((check) => check.status === "missing")).toEqual([]);
    for (const database of ["shop", "payroll"]) {
      const warned = result.checks.filter((check) => check.database === database && check.status !== "ok");
      expect(warned.map((check) => check.id)).toEqual(["large-objects"]);
    }
  });

  test.each([
    ["createrole", null, "ALTER ROLE daypass_admin NOCREATEROLE", "missing"],
    ["signal-backend", null, "REVOKE pg_signal_backend FROM daypass_admin", "missing"],
    ["public-create", "shop", "GRANT CREATE ON SCHEMA crm TO PUBLIC", "missing"],
    ["public-tables", "shop", "GRANT SELECT (id) ON crm.tickets TO PUBLIC", "warning"],
    ["public-connect", "payroll", "GRANT CONNECT ON DATABASE payroll TO PUBLIC", "warning"],
    [
      "definer-functions",
      "shop",
      "CREATE FUNCTION crm.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
      "warning",
    ],
    ["lendable", "payroll", "CREATE TABLE of_root (id int)", "warning"],
    ["large-objects", "shop", "SELECT 1", "warning"],
  ])("finds %s in %s after %s, and its own statements mend it", async (id, database, breaking, status) => {
    await world.byHand(database ?? "postgres", breaking);
    const check = await find(id, database);
    expect(check).toMatchObject({ status });
    expect(check?.statements.length).toBeGreaterThan(0);
    for (const { database: where, sql } of check?.statements ?? [])
      await world.byHand(where ?? "postgres", sql);
    expect(await find(id, database)).toMatchObject({ status: "ok", statements: [] });
  });

  test("roles made by another administrator of this stack are found from 16 on, and can be taken over", async () => {
    const first = await lend(world);
    const heir = { username: "daypass_heir", password: newPassword() };
    for (const { database, sql } of installStatements({
      administrator: heir.username,
      databases: [{ name: "shop", owner: "app_owner", schemas: ["public", "crm"], level: "write" }],
    })) {
      await world.byHand(database ?? "postgres", sql);
    }
    await world.byHand("postgres", `ALTER ROLE daypass_heir PASSWORD '${heir.password}'`);
    const target = { ...world.target, administrator: heir };
    const check = (await postgres.preflight(target)).checks.find((one) => one.id === "own-roles");
    expect(check?.status).toBe(world.server.majorVersion >= 16 ? "missing" : "ok");
    for (const { sql } of check?.statements ?? []) await world.byHand("postgres", sql);
    expect((await postgres.preflight(target)).checks.find((one) => one.id === "own-roles")?.status).toBe(
      "ok",
    );
    const plan = world.plan();
    await postgres.provision(target, plan, newPassword());
    expect(await postgres.revoke(target, plan)).toMatchObject({ status: "absent" });
    expect(await postgres.revoke(target, first.plan)).toMatchObject({ status: "absent" });
  });

  test("changes nothing on the server", async () => {
    const roles = () => world.byHand("postgres", "SELECT oid, rolname, xmin::text FROM pg_authid ORDER BY 1");
    const before = await roles();
    await postgres.preflight({ ...world.target, stack: "fresh" });
    expect(await roles()).toEqual(before);
  });
});

describe("what there is", () => {
  test("databases are listed without templates and a cloud's own", async () => {
    await world.byHand("postgres", "CREATE DATABASE rdsadmin");
    await world.byHand("postgres", "COMMENT ON DATABASE shop IS 'Example Shop'");
    const found = await postgres.listDatabases(world.target);
    expect(found.map((one) => one.name)).toEqual(["payroll", "postgres", "shop"]);
    expect(found[2]).toMatchObject({ owner: "app_owner", comment: "Example Shop", acceptsConnections: true });
    expect(found[2]?.sizeBytes).toBeGreaterThan(1_000_000);
    await world.byHand("postgres", "DROP DATABASE rdsadmin");
  });

  test("a schema is read with kinds, types, keys, comments and estimates", async () => {
    await world.byHand("shop", "ANALYZE");
    const snapshot = await postgres.readSchema(world.target, "shop");
    expect(snapshot.schemas.map((schema) => schema.name)).toEqual(["crm", "public"]);
    const tables = snapshot.schemas[1]?.tables ?? [];
    expect(tables.map((table) => [table.name, table.kind])).toEqual([
      ['Odd "Name"', "table"],
      ["big_orders", "view"],
      ["customers", "table"],
      ["events", "partitioned-table"],
      ["order_totals", "materialized-view"],
      ["orders", "table"],
    ]);
    const estimates = Object.fromEntries(tables.map((table) => [table.name, table.rowEstimate]));
    expect(estimates).toMatchObject({ customers: 100, big_orders: null, events: 1, orders: 100 });
    expect(tables.find((table) => table.name === "customers")).toMatchObject({
      comment: "People who bought something",
      columns: [
        { name: "id", type: "integer", nullable: false, primaryKey: true, comment: null },
        { name: "email", type: "text", nullable: false, primaryKey: false, comment: "Where receipts go" },
        { name: "note", type: "text", nullable: true, primaryKey: false, comment: null },
      ],
    });
  });

  test("a database that does not exist is told as such", async () => {
    await expect(postgres.readSchema(world.target, "missing")).rejects.toMatchObject({ kind: "invalid" });
  });
});
