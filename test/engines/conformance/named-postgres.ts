import { installStatements } from "@daypass/databases/postgres/install.ts";
import { identifier, qualified } from "@daypass/databases/postgres/quote.ts";
import { administrator, type World } from "../postgres-world.ts";
import type { Named } from "./names.suite.ts";

/** A database of the application in which everything has these names, made ready by the statements that we print. */
export async function makeNamed(world: World, named: Named): Promise<Named> {
  const { database, schema, routine, type } = named;
  await world.byHand(
    "postgres",
    `CREATE DATABASE ${identifier(database)} OWNER app_owner STRATEGY file_copy`,
  );
  const steps = installStatements({
    administrator: administrator.username,
    databases: [{ name: database, owner: "app_owner", schemas: ["public", schema], level: "ddl" }],
  });
  await world.byHand(
    database,
    "SET ROLE app_owner",
    `CREATE SCHEMA ${identifier(schema)}`,
    `CREATE TABLE ${qualified(schema, named.table)} (${identifier(named.column)} int)`,
    `INSERT INTO ${qualified(schema, named.table)} VALUES (1)`,
    `CREATE TABLE ${qualified(schema, "beside")} (id int)`,
    `CREATE FUNCTION ${qualified(schema, routine)}() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    `CREATE TYPE ${qualified(schema, type)} AS ENUM ('one')`,
    "RESET ROLE",
    ...steps.filter((step) => step.database === database).map((step) => step.sql),
  );
  return named;
}

/** Removes what accounts left, wherever it was put, and brings the one row back. */
export async function restoreNamed(world: World, { database, schema, table }: Named): Promise<void> {
  await world.byHand(
    database,
    "DROP OWNED BY daypass_keeper_test CASCADE",
    `TRUNCATE ${qualified(schema, table)}`,
    `INSERT INTO ${qualified(schema, table)} VALUES (1)`,
  );
}

export async function dropNamed(world: World, { database }: Named): Promise<void> {
  await world.byHand("postgres", `DROP DATABASE ${identifier(database)} WITH (FORCE)`);
}

/** Objects of several kinds, shared with others, that an account of level ddl makes under such names. */
export function leaveBehind({ schema, table, column, routine, type }: Named): string[] {
  const name = (text: string) => qualified(schema, `own ${text}`.slice(0, 25));
  return [
    `CREATE VIEW ${name(table)} AS SELECT ${identifier(column)} FROM ${qualified(schema, "new")}`,
    `CREATE FUNCTION ${name(routine)}(${identifier(column)} int) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    `CREATE TYPE ${name(type)} AS (${identifier(column)} int)`,
    `CREATE DOMAIN ${name(column)} AS int`,
    `CREATE SEQUENCE ${qualified(schema, `seq ${table}`.slice(0, 25))}`,
    `GRANT SELECT ON ${qualified(schema, "new")} TO PUBLIC`,
    `GRANT USAGE ON TYPE ${name(type)} TO PUBLIC`,
  ];
}
