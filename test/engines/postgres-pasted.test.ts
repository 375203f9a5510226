import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pastedSql, psqlConnect, psqlInDatabase } from "@daypass/databases/postgres/pasted-sql.ts";
import { identifier, literal } from "@daypass/databases/postgres/quote.ts";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresNames } from "./hostile-names.ts";
import { pasteIntoPsql } from "./paste-into-psql.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";
import { type WayToPaste, waysToPaste } from "./terminal.ts";

/** What we print for psql, pasted into the real one, with databases and tables that really have such names. */
let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), "daypass-pasted-"));
  for (const name of postgresNames)
    await run("postgres", `CREATE DATABASE ${identifier(name)} STRATEGY file_copy`);
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.remove();
});

async function run(database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const { host, port, superuser } = server;
  const client = new pg.Client({
    host,
    port,
    user: superuser.username,
    password: superuser.password,
    database,
  });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of statements) rows = (await client.query<Record<string, unknown>>(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

function psql(text: string, how: WayToPaste): Promise<string> {
  return pasteIntoPsql(server, folder, text, how);
}

/** In which of these databases the table is. */
async function placesOf(table: string, databases: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const database of databases) {
    const [row] = await run(database, `SELECT to_regclass(${literal(table)}) IS NOT NULL AS is`);
    if (row?.["is"] === true) found.push(database);
  }
  return found;
}

describe.each(waysToPaste)("pasted %s", (how) => {
  test("the line goes to exactly the database of that name, and runs nothing", async () => {
    const lines = postgresNames.flatMap((name) => [
      psqlConnect(name),
      "INSERT INTO visited VALUES (current_database());",
    ]);
    for (const name of postgresNames)
      await run(name, "DROP TABLE IF EXISTS visited", "CREATE TABLE visited (name text)");
    const said = await psql(lines.join("\n"), how);
    for (const name of postgresNames) expect(await run(name, "TABLE visited"), said).toEqual([{ name }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a block runs in its database, and nowhere when that is not there", async () => {
    const table = `made_${waysToPaste.indexOf(how)}`;
    const block = (database: string) => psqlInDatabase(database, [`CREATE TABLE ${table} (id int);`]);
    const some = ["it's", 'quote"d', "new\nline", "\\! touch a-name-was-run", "trailing space "];
    for (const name of some) await psql(block(name), how);
    const missing = ["gone", "go'ne", 'go"ne', "go`touch a-name-was-run`ne", "go\nne"];
    for (const name of missing) {
      expect(await psql(block(name), how)).toContain("does not exist");
      // A program that does not know the first lines is in some other database.
      const [, statements = ""] = /(BEGIN;[^]*)/.exec(block(name)) ?? [];
      expect(await psql(statements, how)).toContain("This is another database");
    }
    expect((await placesOf(table, ["postgres", ...postgresNames])).toSorted()).toEqual(some.toSorted());
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a statement with such a name, or with such a text, means exactly that", async () => {
    await run("postgres", "DROP TABLE IF EXISTS texts", "CREATE TABLE texts (at int, text text)");
    const statements = postgresNames.flatMap((name, at) => [
      pastedSql(`CREATE TABLE ${identifier(name)} (${identifier(name)} int);`),
      pastedSql(`INSERT INTO texts VALUES (${at}, ${literal(name)});`),
    ]);
    const said = await psql(statements.join("\n"), how);
    const texts = await run("postgres", "SELECT text FROM texts ORDER BY at");
    expect(
      texts.map((row) => row["text"]),
      said,
    ).toEqual(postgresNames);
    const columns = await run(
      "postgres",
      "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('texts', 'visited')",
    );
    expect(columns.map((row) => String(row["t"])).toSorted()).toEqual([...postgresNames].toSorted());
    for (const row of columns) expect(row["c"]).toBe(row["t"]);
    await psql(postgresNames.map((name) => pastedSql(`DROP TABLE ${identifier(name)};`)).join("\n"), how);
    expect(await run("postgres", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([
      { tablename: "texts" },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
