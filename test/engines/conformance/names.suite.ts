import type { Level, Scope } from "@daypass/databases/engine.ts";
import { expect, test } from "vitest";
import { expectGone, lend, refusal, revoke } from "./lend.ts";
import { levels, type ServerUnderTest } from "./server-under-test.ts";

/** What a database and what is in it are called; a schema is the database itself where the engine has none. */
export type Named = {
  database: string;
  schema: string;
  table: string;
  column: string;
  routine: string;
  type: string;
};

const kinds = ["database", "schema", "table"] as const;
type Kind = (typeof kinds)[number];

/** Five at a time: what one of them does must not depend on what the others are called. */
const atOnce = 5;

/** Whole lives of accounts where everything has a name that somebody with bad intent would give it. */
export function namesSuite(server: () => ServerUnderTest): void {
  test("a whole life holds, whatever the database and what is in it are called", async () => {
    const names = server().hostileNames;
    const at = (index: number) => names[index % names.length] ?? "";
    const failures: string[] = [];
    const waiting = names.map((database, index) => async () => {
      const named = await server().makeNamed({
        database,
        schema: at(index + 1),
        table: at(index + 2),
        column: at(index + 3),
        routine: at(index + 4),
        type: at(index + 5),
      });
      try {
        await see(server(), named);
        for (const turn of [index, index + 1]) await live(server(), named, turn);
        await server().dropNamed(named);
      } catch (error) {
        failures.push(`${JSON.stringify(named)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(failures).toEqual([]);
  }, 120_000);
}

async function see({ engine, target }: ServerUnderTest, named: Named): Promise<void> {
  const { schemas } = await engine.readSchema(target, named.database);
  const tables = schemas.find(({ name }) => name === named.schema)?.tables ?? [];
  expect(tables.find(({ name }) => name === named.table)?.columns.map(({ name }) => name)).toEqual([
    named.column,
  ]);
}

/** Each level with each kind of scope, in turn. */
async function live(server: ServerUnderTest, named: Named, turn: number): Promise<void> {
  const { engine, target, words } = server;
  const level = levels[turn % 3] ?? "read";
  const { kind, scope } = scopeOf(server, named, level, kinds[Math.floor(turn / 3) % 3] ?? "table");
  const lent = await lend(server, { database: named.database, level, scope });
  const { plan, client } = lent;
  const quoted = (name: string) => `${words.quote(named.schema)}.${words.quote(name)}`;
  const column = words.quote(named.column);
  const what = `${level} of a ${kind}`;

  const reading = `SELECT ${column} AS one FROM ${quoted(named.table)}`;
  expect(await client.run(reading), what).toEqual([{ one: 1 }]);
  const writing = client.run(`INSERT INTO ${quoted(named.table)} (${column}) VALUES (1)`);
  expect(await refusal(server, writing), what).toBe(level === "read" ? "right" : undefined);
  const beside = client.run(`SELECT 1 FROM ${quoted("beside")}`);
  expect(await refusal(server, beside), what).toBe(kind === "table" ? "right" : undefined);
  const creating = client.run(`CREATE TABLE ${quoted("new")} (${column} int)`);
  expect(await refusal(server, creating), what).toBe(
    level === "ddl" && kind !== "table" ? undefined : "right",
  );
  if (level === "ddl") for (const text of words.leaveBehind(named)) await client.run(text);
  expect(await refusal(server, lent.login("payroll")), what).toMatch(/^(login|right)$/);

  const later = plan.expiresAtMs + 60_000;
  await engine.setExpiry(target, plan, later);
  const found = (await engine.listAccounts(target)).find(({ name }) => name === plan.name);
  expect(found, what).toMatchObject({ validUntilMs: later, canLogin: true, extraRights: [] });
  const revocation = await revoke(server, lent);
  const blockers = revocation.status === "absent" ? [] : revocation.blockers;
  expect({ ...revocation, blockers }, `${what}: ${blockers.join("; ")}`).toMatchObject({
    status: "absent",
    sessionsEnded: 1,
  });
  await expectGone(server, lent);
  await server.restoreNamed(named);
}

/** Level ddl is lent on schemas or on tables, as the engine has it. */
function scopeOf(
  { words }: ServerUnderTest,
  named: Named,
  level: Level,
  wanted: Kind,
): { kind: Kind; scope: Scope } {
  const { schema, table } = named;
  const ddlTables = words.ddlTables(named);
  const wholeSchema = { kind: "objects", objects: [{ schema }] } as const;
  if (level === "ddl" && ddlTables) {
    return {
      kind: "table",
      scope: { kind: "objects", objects: ddlTables.map((one) => ({ schema, table: one })) },
    };
  }
  if (wanted === "database") return { kind: wanted, scope: { kind: "database" } };
  if (wanted === "schema" || level === "ddl") return { kind: "schema", scope: wholeSchema };
  return { kind: wanted, scope: { kind: "objects", objects: [{ schema, table }] } };
}
