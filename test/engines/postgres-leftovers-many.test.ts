import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waysToLeftovers } from "./postgres-leftovers.ts";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  // Room for about 1,500 locks.
  world = await buildWorld({ max_locks_per_transaction: "10", max_connections: "60" });
});
afterAll(() => world.remove());

describe("more objects than the server has locks for", () => {
  test("thousands of tables, functions, large objects, partitions and rights are closed in batches", async () => {
    const lent = await lend(world, { level: "ddl" });
    const many = async (count: number, statement: string) => {
      for (let start = 0; start < count; start += 100)
        await lent.client.query(
          `DO $$ BEGIN FOR n IN ${start}..${start + 99} LOOP EXECUTE format(${statement}, n); END LOOP; END $$`,
        );
    };
    await many(2_000, "'CREATE TABLE crm.many_%s (id int)'");
    await many(300, "'GRANT SELECT ON crm.many_%s TO PUBLIC'");
    await many(300, "'INSERT INTO crm.many_%s VALUES (1)'");
    await many(1_300, "'CREATE FUNCTION crm.of_%s() RETURNS int LANGUAGE sql AS ''SELECT 1'''");
    await many(1_300, "'SELECT lo_create(0) FROM generate_series(%s, %1$s)'");
    await lent.client.query("CREATE TABLE crm.parts (id int) PARTITION BY LIST (id)");
    await many(1_300, "'CREATE TABLE crm.part_%s PARTITION OF crm.parts FOR VALUES IN (%1$s)'");
    await lent.client.query("CREATE TABLE crm.indexed (id int)");
    await many(1_300, "'CREATE INDEX ON crm.indexed ((id + %s))'");
    await lent.client.query("CREATE TYPE crm.needed AS ENUM ('a')");
    const given = await world.connect(world.server.superuser, "shop");
    for (let start = 0; start < 1_300; start += 100)
      await given.query(
        `SET ROLE daypass_admin; DO $$ BEGIN FOR n IN ${start}..${start + 99} LOOP
           EXECUTE format('CREATE TABLE crm.given_%s (id int)', n); EXECUTE format('GRANT SELECT ON crm.given_%s TO "${lent.plan.name}"', n);
         END LOOP; END $$`,
      );
    await given.end();
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent" });
    expect(result.status === "absent" && result.keptObjects).toHaveLength(300);
    await expectGone(world, lent);
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
  }, 240_000);

  test("when other sessions hold all locks, it says so, and how to get more, and continues later", async () => {
    const lent = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE crm.left_alone (id int)");
    const greedy = await world.connect(world.server.superuser, "postgres");
    await expect(
      greedy.query("SELECT pg_advisory_lock(n) FROM generate_series(1, 100000) n"),
    ).rejects.toMatchObject({ code: "53200" });
    const outcome = await revoke(world, lent).catch((error: unknown) => error);
    const said = JSON.stringify(outcome);
    expect(outcome).toMatchObject(
      outcome instanceof Error ? { kind: "capacity" } : { status: "quarantined", reason: "capacity" },
    );
    expect(said).toContain("max_locks_per_transaction");
    await greedy.end();
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });
});
