import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { shellQuote } from "@daypass/databases/pasted.ts";
import { connectionStrings } from "@daypass/databases/postgres/connection-strings.ts";
import { pastedSql, psqlConnect, psqlInDatabase } from "@daypass/databases/postgres/pasted-sql.ts";
import { identifier, literal } from "@daypass/databases/postgres/quote.ts";
import { holdsUnseen } from "@daypass/databases/unseen.ts";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresNames } from "./hostile-names.ts";
import { pasteIntoPsql } from "./paste-into-psql.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";
import { paste, type WayToPaste, waysToPaste } from "./terminal.ts";

/** Those that psql, libpq, a shell or a terminal could take for something else. */
const databases = postgresNames.filter(
  (name) => holdsUnseen(name) || /['"`\\:=$|]|^[ .-]|\s$/.test(name) || Buffer.byteLength(name) === 63,
);

/** What we print for psql, pasted into the real one, with databases and tables that really have such names. */
let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), "daypass-pasted-"));
  for (const name of databases)
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
    const lines = databases.flatMap((name) => [
      psqlConnect(name),
      "INSERT INTO visited VALUES (current_database());",
    ]);
    for (const name of databases)
      await run(name, "DROP TABLE IF EXISTS visited", "CREATE TABLE visited (name text)");
    const said = await psql(lines.join("\n"), how);
    for (const name of databases) expect(await run(name, "TABLE visited"), said).toEqual([{ name }]);
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
    expect((await placesOf(table, ["postgres", ...databases])).toSorted()).toEqual(some.toSorted());
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

describe("what people connect with", () => {
  const asked = `"SELECT encode(convert_to(current_database(), 'UTF8'), 'hex')"`;
  const hex = (name: string) => Buffer.from(name).toString("hex");
  const stringsOf = (name: string) =>
    connectionStrings({ host: server.host, port: server.port, tls: "disable" }, name, server.superuser);

  /** In a shell of its own, from a file or at a terminal; answers what the lines printed, and nothing of their echo. */
  async function shell(lines: readonly string[], how: WayToPaste): Promise<string[]> {
    const output = join(folder, "output");
    const text = ["set +o history", ...lines.map((line) => `${line} >> output`)].join("\n");
    await paste(
      {
        command: ["bash", "--norc", "-i"],
        environment: { PS1: "ready> " },
        folder,
        prompt: /ready> /,
        leave: "exit",
      },
      text,
      how,
    );
    const printed = readFileSync(output, "utf8").trim().split("\n");
    rmSync(output);
    expect(readdirSync(folder)).toEqual([]);
    return printed;
  }

  test.each(["line by line", "as one piece"] as const)("the line for the shell, pasted %s", async (how) => {
    const lines = databases.map((name) => `${stringsOf(name).psql} -XAtc ${asked}`);
    expect(await shell(lines, how)).toEqual(databases.map(hex));
  });

  test("the line for the shell and the environment in the plainest POSIX shell", async () => {
    const lines = databases.flatMap((name, at) => [
      // Of every second name the environment, of the others the address.
      `${stringsOf(name).psql} -XAtc ${asked}`,
      at % 2 === 0
        ? `(${stringsOf(name).envLines}\npsql -XAtc ${asked})`
        : `psql ${shellQuote(stringsOf(name).uri)} -XAtc ${asked}`,
    ]);
    const { stdout } = await promisify(execFile)("dash", ["-c", lines.join("\n")], { cwd: folder });
    expect(stdout.trim().split("\n")).toEqual(databases.flatMap((name) => [hex(name), hex(name)]));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("the address in the driver of Node.js", async () => {
    // It leaves some characters of the path escaped, and knows no dbname: there it is in no database at all.
    const understood = databases.filter((name) => !/[;/?:@&=+$,#]|^\.{1,2}$/.test(name));
    expect(understood.length).toBeGreaterThan(15);
    for (const name of understood) {
      const client = new pg.Client({ connectionString: stringsOf(name).uri });
      await client.connect();
      expect((await client.query("SELECT current_database() AS name")).rows).toEqual([{ name }]);
      await client.end();
    }
  });
});
