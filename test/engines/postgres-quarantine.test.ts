import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { identifier } from "@daypass/databases/postgres/quote.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pasteIntoPsql } from "./paste-into-psql.ts";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { administrator, buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

async function makeDatabase(name: string, more = ""): Promise<void> {
  await world.byHand("postgres", `CREATE DATABASE ${identifier(name)} OWNER app_owner ${more}`);
  const steps = installStatements({
    administrator: administrator.username,
    databases: [{ name, owner: "app_owner", schemas: ["public"], level: "ddl" }],
  });
  for (const { database, sql } of steps) if (database === name) await world.byHand(name, sql);
}

describe("quarantine", () => {
  test("by a lock on what it owns says who holds it, and ends once that is over", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE locked (id int)");
    const holder = await world.connect(world.server.superuser, "shop");
    await holder.query("BEGIN");
    await holder.query("LOCK TABLE locked IN ACCESS SHARE MODE");
    const result = await revoke(world, lent);
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
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test("by a right that somebody else gave names it, and its remedy works when it is pasted", async () => {
    const database = 'it\'s "odd" `touch a-name-was-run` \\! touch a-name-was-run\n';
    await makeDatabase(database);
    const lent = await lend(world, { database });
    await world.byHand(
      database,
      "CREATE TABLE of_root (id int)",
      `GRANT SELECT ON of_root TO "${lent.plan.name}"`,
    );
    const result = await revoke(world, lent);
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: true,
      sessionsLeft: 0,
      blockers: expect.arrayContaining([expect.stringContaining("rights on table public.of_root")]),
    });
    if (result.status !== "quarantined") return;
    const folder = mkdtempSync(join(tmpdir(), "daypass-quarantine-"));
    const said = await pasteIntoPsql(world.server, folder, result.remedy.join("\n"), "line by line");
    expect(readdirSync(folder), said).toEqual([]);
    rmSync(folder, { recursive: true });
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test("by a right that a stranger passed on names the giver, and its remedy works where DROP OWNED does not", async () => {
    const lent = await lend(world);
    await world.byHand(
      "shop",
      "CREATE ROLE passing_on",
      "CREATE TABLE passed_on (id int)",
      "GRANT SELECT ON passed_on TO passing_on WITH GRANT OPTION",
      "SET ROLE passing_on",
      `GRANT SELECT ON passed_on TO "${lent.plan.name}"`,
    );
    const result = await revoke(world, lent);
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "permission",
      blockers: expect.arrayContaining(["shop: rights that passing_on gave on table public.passed_on"]),
    });
    if (result.status !== "quarantined") return;
    const folder = mkdtempSync(join(tmpdir(), "daypass-quarantine-"));
    const output = await pasteIntoPsql(world.server, folder, result.remedy.join("\n"), "line by line");
    rmSync(folder, { recursive: true });
    expect(await revoke(world, lent), output).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    await world.byHand("shop", "DROP TABLE passed_on", "DROP ROLE passing_on");
  });

  test("is not what another account can bring about by sharing what it has", async () => {
    const other = await lend(world, { level: "ddl" });
    const lent = await lend(world);
    const to = `TO "${lent.plan.name}"`;
    const { rows } = await other.client.query<{ id: number }>("SELECT lo_from_bytea(0, 'x') AS id");
    await world.byHand(
      "shop",
      "SET ROLE daypass_admin",
      `GRANT SELECT ON customers TO "${other.plan.name}" WITH GRANT OPTION`,
    );
    for (const statement of [
      "CREATE TABLE shared_by (id int, note text)",
      `GRANT ALL ON shared_by ${to} WITH GRANT OPTION`,
      `GRANT SELECT (note) ON shared_by ${to}`,
      `GRANT SELECT ON LARGE OBJECT ${rows[0]?.id} ${to}`,
      "CREATE TYPE shared_type AS ENUM ('a')",
      `GRANT USAGE ON TYPE shared_type ${to}`,
      "CREATE FUNCTION shared_code() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      `GRANT EXECUTE ON FUNCTION shared_code() ${to}`,
      "CREATE SEQUENCE shared_sequence",
      `GRANT USAGE ON SEQUENCE shared_sequence ${to}`,
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES ${to}`,
      `CREATE POLICY for_one ON shared_by ${to} USING (true)`,
      `CREATE POLICY for_two ON shared_by TO "${lent.plan.name}", CURRENT_USER USING (true)`,
      `GRANT SELECT ON customers ${to}`,
    ]) {
      await other.client.query(statement);
    }
    // What it was given it passes on in turn.
    await lent.client.query(`GRANT SELECT ON shared_by TO "${other.plan.name}", app_owner`);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    const memberships = await world.byHand(
      "shop",
      `SELECT m.inherit_option FROM pg_auth_members m WHERE m.roleid = '${other.plan.name}'::regrole AND m.inherit_option`.replaceAll(
        "m.inherit_option",
        world.server.majorVersion < 16 ? "true" : "m.inherit_option",
      ),
    );
    expect(memberships).toEqual([]);
    await other.client.query("INSERT INTO shared_by VALUES (1, 'still its own')");
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
    await expectGone(world, other);
  });

  test("by names that are not UTF-8 lasts no longer than until its remedy is pasted", async () => {
    await makeDatabase("raw", "ENCODING 'SQL_ASCII' TEMPLATE template0");
    const lent = await lend(world, { database: "raw", level: "ddl" });
    await lent.client.query(
      `DO $$ BEGIN EXECUTE 'CREATE TABLE "a' || convert_from('\\xff', 'SQL_ASCII') || '" (id int)'; END $$`,
    );
    // Where we cannot read the names ourselves, what we print needs none of them.
    const result = await revoke(world, lent);
    const remedy = result.status === "quarantined" ? result.remedy : [];
    const folder = mkdtempSync(join(tmpdir(), "daypass-quarantine-"));
    await pasteIntoPsql(world.server, folder, remedy.join("\n"), "from a file");
    rmSync(folder, { recursive: true });
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test("by a database that accepts no connections names it", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE shut_in (id int)");
    await lent.client.end();
    await world.byHand("postgres", "ALTER DATABASE shop ALLOW_CONNECTIONS false");
    expect(await revoke(world, lent)).toMatchObject({
      status: "quarantined",
      loginDenied: true,
      blockers: expect.arrayContaining([expect.stringContaining("shop accepts no connections")]),
      remedy: expect.arrayContaining(['ALTER DATABASE "shop" ALLOW_CONNECTIONS true;']),
    });
    await world.byHand("postgres", "ALTER DATABASE shop ALLOW_CONNECTIONS true");
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test("by a superuser's attribute that somebody gave it says so", async () => {
    const lent = await lend(world);
    await world.byHand("postgres", `ALTER ROLE "${lent.plan.name}" SUPERUSER`);
    expect(await revoke(world, lent)).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: false,
    });
    await world.byHand("postgres", `ALTER ROLE "${lent.plan.name}" NOSUPERUSER`);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  });
});
