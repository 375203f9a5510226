import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waysToLeftovers } from "./postgres-leftovers.ts";
import { expectGone, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
  await world.byHand("shop", 'CREATE SCHEMA "my-schema" AUTHORIZATION app_owner');
  await world.byHand("shop", 'GRANT USAGE, CREATE ON SCHEMA "my-schema" TO daypass_admin WITH GRANT OPTION');
});
afterAll(() => world.remove());

/** Notes in the session who ran it: code that was left behind has to leave this empty. */
const ran = "set_config('left.ran', current_user::text, false)";

async function runsNothing(statements: readonly string[]): Promise<void> {
  const root = await world.connect(world.server.superuser, "shop");
  try {
    for (const statement of statements) {
      // Whether it works or fails is not the question: what it ran is.
      const outcome = await root.query(statement).then(
        () => "worked",
        (error: unknown) => String(error),
      );
      const { rows } = await root.query<{ ran: string | null }>(
        "SELECT current_setting('left.ran', true) AS ran",
      );
      expect({ statement, outcome, ran: rows[0]?.ran ?? "" }).toMatchObject({ statement, ran: "" });
    }
  } finally {
    await root.end();
  }
}

describe("what leads to what an account left", () => {
  test("a large object that a read account shared with everybody is gone", async () => {
    const lent = await lend(world, { level: "read" });
    const { rows } = await lent.client.query<{ id: number }>(
      "SELECT lo_from_bytea(0, '4111 1111 1111 1111') AS id",
    );
    const id = rows[0]?.id ?? 0;
    await lent.client.query(`GRANT SELECT, UPDATE ON LARGE OBJECT ${id} TO PUBLIC`);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent", keptObjects: [] });
    await expectGone(world, lent);
    const other = await lend(world, { level: "read" });
    await expect(other.client.query(`SELECT lo_get(${id})`)).rejects.toMatchObject({ code: "42704" });
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
  });

  test("code of every kind is dropped, or runs for nobody: not by name, by trigger, default, check, cast or operator", async () => {
    const lent = await lend(world, { level: "ddl" });
    for (const statement of [
      `CREATE FUNCTION public.lower(character varying) RETURNS text LANGUAGE sql AS $$ SELECT ${ran} $$`,
      `CREATE FUNCTION crm.used(a int, b text DEFAULT ${ran}) RETURNS text LANGUAGE sql AS $$ SELECT ${ran} $$`,
      "CREATE TYPE crm.pair AS (a int, b text)",
      `CREATE FUNCTION crm.of_pair(crm.pair) RETURNS text LANGUAGE sql AS $$ SELECT ${ran} $$`,
      "CREATE CAST (crm.pair AS text) WITH FUNCTION crm.of_pair(crm.pair) AS IMPLICIT",
      "CREATE OPERATOR crm.!!! (RIGHTARG = crm.pair, FUNCTION = crm.of_pair)",
      `CREATE FUNCTION crm.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ${ran}; RETURN NEW; END $$`,
      `CREATE DOMAIN crm.checked AS text DEFAULT ${ran} CHECK (${ran} IS NOT NULL)`,
      `CREATE FUNCTION crm.constant(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM ${ran}; RETURN $1; END $$`,
      "CREATE TABLE crm.work (id int, pair crm.pair, note crm.checked)",
      "INSERT INTO crm.work VALUES (1, (1, 'x'), 'y')",
      `ALTER TABLE crm.work ADD COLUMN who text DEFAULT ${ran}, ADD CHECK (${ran} IS NOT NULL)`,
      "ALTER TABLE crm.work ADD COLUMN twice int GENERATED ALWAYS AS (crm.constant(id)) STORED",
      "CREATE INDEX ON crm.work ((crm.constant(id)))",
      "CREATE TRIGGER fires BEFORE INSERT OR UPDATE ON crm.work FOR EACH ROW EXECUTE FUNCTION crm.fires()",
      `CREATE RULE rules AS ON DELETE TO crm.work DO ALSO SELECT ${ran}`,
      `CREATE POLICY sees ON crm.work USING (${ran} IS NOT NULL)`,
      "ALTER TABLE crm.work ENABLE ROW LEVEL SECURITY",
      `CREATE VIEW crm.looks AS SELECT id, ${ran} AS who FROM crm.work`,
      "GRANT ALL ON crm.work, crm.looks TO PUBLIC",
      "GRANT TRIGGER ON crm.work TO app_owner",
      "GRANT EXECUTE ON FUNCTION crm.used(int, text) TO app_owner",
      "SELECT set_config('left.ran', '', false)",
    ]) {
      await lent.client.query(statement);
    }
    // Somebody who stays builds on it.
    await world.byHand(
      "shop",
      "CREATE VIEW crm.of_app AS SELECT crm.used(1) AS used, l.* FROM crm.looks l",
      "CREATE TABLE crm.app_table (id int DEFAULT crm.constant(3), pair crm.pair)",
      "CREATE TRIGGER fires BEFORE INSERT ON crm.app_table FOR EACH ROW EXECUTE FUNCTION crm.fires()",
      "CREATE VIEW crm.by_operator AS SELECT OPERATOR(crm.!!!) ROW(1, 'x')::crm.pair AS operated",
    );
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    expect(result.status === "absent" && result.keptObjects).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^shop: table crm\.work, now crm\.daypass_left_\d+_work$/),
        expect.stringMatching(/^shop: function crm\.fires\(\), now crm\.daypass_left_\d+_fires\(\)$/),
      ]),
    );
    const [work] = await world.byHand(
      "shop",
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relname LIKE 'daypass_left_%_work'",
    );
    const name = String(work?.["name"]);
    await runsNothing([
      "SELECT lower('x'::varchar)",
      `INSERT INTO ${name} (id) VALUES (2)`,
      `UPDATE ${name} SET id = 3`,
      `SELECT pair::text, note FROM ${name}`,
      `DELETE FROM ${name} WHERE id = 2`,
      `REINDEX TABLE ${name}`,
      `ANALYZE ${name}`,
      "SELECT * FROM crm.of_app",
      "SELECT * FROM crm.by_operator",
      "INSERT INTO crm.app_table (id, pair) VALUES (1, ROW(1, 'x'))",
      "INSERT INTO crm.app_table DEFAULT VALUES",
      "SELECT ROW(1, 'x')::crm.pair::text FROM crm.app_table",
    ]);
    expect(await world.byHand("shop", `SELECT id, twice FROM ${name} ORDER BY 2`)).toEqual([
      { id: 3, twice: 1 },
      { id: 3, twice: null },
    ]);
    expect(await world.byHand("shop", "SELECT id FROM crm.app_table")).toEqual([{ id: 1 }]);
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
    await world.byHand("shop", "DROP VIEW crm.of_app, crm.by_operator", "DROP TABLE crm.app_table");
  });

  test("what came to the keeper by hand, or from an earlier version, loses code, rights and name as well", async () => {
    const lent = await lend(world, { level: "ddl" });
    for (const statement of [
      `CREATE FUNCTION crm.by_hand(int) RETURNS text LANGUAGE sql AS $$ SELECT ${ran} $$`,
      `CREATE TABLE crm.by_hand_table (id int DEFAULT 1, note text DEFAULT ${ran})`,
      "CREATE VIEW crm.by_hand_view AS SELECT crm.by_hand(1)",
      "GRANT ALL ON crm.by_hand_table TO PUBLIC",
      "SELECT lo_create(987654)",
      "GRANT SELECT ON LARGE OBJECT 987654 TO PUBLIC",
    ]) {
      await lent.client.query(statement);
    }
    await world.byHand("shop", `REASSIGN OWNED BY "${lent.plan.name}" TO daypass_keeper_test`);
    await lent.client.query("CREATE TABLE crm.another (id int)");
    expect(await revoke(world, lent)).toMatchObject({ status: "absent", keptObjects: [] });
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
    await runsNothing(["SELECT crm.by_hand(1)", "INSERT INTO crm.by_hand_table DEFAULT VALUES"]);
    await world.byHand("shop", "DROP OWNED BY daypass_keeper_test CASCADE");
  });

  test("a name that another account took in advance holds nothing back", async () => {
    const lent = await lend(world, { level: "ddl" });
    const other = await lend(world, { level: "ddl" });
    await lent.client.query("CREATE TABLE crm.aimed AS SELECT 1 AS id");
    const found = await lent.client.query<{ oid: string }>("SELECT 'crm.aimed'::regclass::oid::text AS oid");
    const oid = found.rows[0]?.oid;
    await other.client.query(`CREATE TABLE crm.daypass_left_${oid}_aimed (id int)`);
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent" });
    expect(result.status === "absent" && result.keptObjects).toEqual([
      expect.stringMatching(
        new RegExp(`^shop: table crm.aimed, now crm.daypass_left_${oid}_[0-9a-f]{12}_aimed$`),
      ),
    ]);
    await expectGone(world, lent);
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
  });

  test("names that need quotes hide nothing: schema, table, column, function, type", async () => {
    const lent = await lend(world, { level: "ddl" });
    const odd = [
      `my "table"`,
      "50%_of\\it",
      "Zeilen\numbruch",
      "x".repeat(63),
      "ünï-cödé.dot",
      "\u202eright",
    ];
    for (const raw of odd) {
      const name = `"${raw.replaceAll('"', '""')}"`;
      await lent.client.query(`CREATE TABLE "my-schema".${name} AS SELECT 1 AS ${name}`);
      await lent.client.query(`ALTER TABLE "my-schema".${name} ALTER ${name} SET DEFAULT 7`);
      await lent.client.query(`CREATE TYPE public.${name} AS ENUM ('a')`);
      await lent.client.query(
        `CREATE FUNCTION "my-schema".${name}(${name} public.${name} DEFAULT 'a') RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      );
      await lent.client.query(`GRANT ALL ON "my-schema".${name} TO PUBLIC`);
      // Only part of them is dropped: the rest has to be emptied, renamed and handed over.
      await world.byHand(
        "shop",
        `CREATE VIEW "my-schema"."v ${raw.slice(0, 9).replaceAll('"', "")}" AS SELECT "my-schema".${name}()`,
      );
    }
    const result = await revoke(world, lent);
    expect(result).toMatchObject({ status: "absent" });
    expect(result.status === "absent" && result.keptObjects).toHaveLength(odd.length * 3);
    await expectGone(world, lent);
    expect(await waysToLeftovers(world, "shop")).toEqual([]);
  });
});
