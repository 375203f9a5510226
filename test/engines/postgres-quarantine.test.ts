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

async function makeDatabase(name: string): Promise<void> {
  await world.byHand("postgres", `CREATE DATABASE ${identifier(name)} OWNER app_owner`);
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
