import { identifier, qualified } from "@daypass/databases/mysql/quote.ts";
import type { MysqlTestServer } from "../server-of-flavour.ts";
import type { Named } from "./names.suite.ts";

/** A database in which everything has these names; a schema is the database itself. */
export async function makeNamed(server: MysqlTestServer, wanted: Named): Promise<Named> {
  const named = { ...wanted, schema: wanted.database };
  await byRoot(server, [
    `CREATE DATABASE ${identifier(named.database)}`,
    `CREATE TABLE ${qualified(named.database, named.table)} (${identifier(named.column)} int)`,
    ...tablesBeside(named),
  ]);
  await restoreNamed(server, named);
  return named;
}

function tablesBeside({ database }: Named): string[] {
  return ["beside", "own"].map(
    (table) => `CREATE TABLE IF NOT EXISTS ${qualified(database, table)} (id int)`,
  );
}

export async function restoreNamed(server: MysqlTestServer, named: Named): Promise<void> {
  const table = qualified(named.database, named.table);
  await byRoot(server, [
    ...tablesBeside(named),
    `DELETE FROM ${table}`,
    `INSERT INTO ${table} (${identifier(named.column)}) VALUES (1)`,
  ]);
}

export async function dropNamed(server: MysqlTestServer, { database }: Named): Promise<void> {
  await byRoot(server, [`DROP DATABASE ${identifier(database)}`]);
}

/** What an account of level ddl may do to its tables. */
export function leaveBehind({ database, table, column, routine }: Named): string[] {
  const own = qualified(database, "own");
  return [
    `DROP TABLE ${own}`,
    `CREATE TABLE ${own} (${identifier(column)} int)`,
    `ALTER TABLE ${own} ADD COLUMN ${identifier(routine)} int`,
    `CREATE INDEX ${identifier(table)} ON ${own} (${identifier(column)})`,
  ];
}

async function byRoot(server: MysqlTestServer, statements: readonly string[]): Promise<void> {
  const root = await server.asRoot();
  try {
    for (const text of statements) await root.query(text);
  } finally {
    await root.end();
  }
}
