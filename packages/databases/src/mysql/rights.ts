import { z } from "zod";
import type { AccountPlan, Level } from "../engine.ts";
import type { Dialect } from "./dialect.ts";
import { account, databasePattern, list, qualified, sql } from "./quote.ts";

/**
 * Privileges on one table, view or sequence. Only accounts from before rights were given by table have some on a whole
 * database (`table` null).
 */
export type Right = { database: string; table: string | null; privileges: string[] };

/** What the server has under a name of the scope; a table that does not exist yet is one. */
export type Relation = { name: string; isView: boolean };

const privilegesOf: Record<Level, readonly string[]> = {
  read: ["SELECT", "SHOW VIEW"],
  write: ["SELECT", "SHOW VIEW", "INSERT", "UPDATE", "DELETE"],
  ddl: [
    "SELECT",
    "SHOW VIEW",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "ALTER",
    "DROP",
    "INDEX",
    "REFERENCES",
  ],
};

/** What the administrator needs on a database so that the level can be lent on its tables. */
export function levelPrivileges(level: Level): readonly string[] {
  return privilegesOf[level];
}

/**
 * What an account of this plan is given, and nothing else: each right is on one table. A session caches its rights on a
 * whole database and keeps them after REVOKE and DROP USER; rights on tables are looked up by every statement. Views are
 * only read, because writing through one can reach tables of other databases.
 */
export function rightsOf(
  { level, database }: Pick<AccountPlan, "level" | "database">,
  relations: readonly Relation[],
): Right[] {
  return relations.map(({ name, isView }) => ({
    database,
    table: name,
    privileges: [...privilegesOf[isView ? "read" : level]],
  }));
}

export function grantStatements(
  rights: readonly Right[],
  name: string,
  host: string,
  dialect: Pick<Dialect, "plainDatabaseNames">,
): string[] {
  return rights.map(
    (right) => sql`GRANT ${list(right.privileges)} ON ${objectOf(right, dialect)} TO ${account(name, host)}`,
  );
}

/** What stands after ON, as the server itself prints it in SHOW GRANTS. Only before `.*` is a name a pattern. */
export function objectOf(
  { database, table }: Pick<Right, "database" | "table">,
  { plainDatabaseNames }: Pick<Dialect, "plainDatabaseNames">,
): string {
  return table === null ? `${databasePattern(database, plainDatabaseNames)}.*` : qualified(database, table);
}

/** The text that the register keeps: tables with the same privileges share one record. */
export function formatRights(rights: readonly Right[]): string {
  const groups = Map.groupBy(rights, ({ database, privileges }) => JSON.stringify({ database, privileges }));
  return JSON.stringify(
    [...groups.values()].map((members) => ({
      database: members[0]?.database,
      privileges: members[0]?.privileges,
      tables: members.map(({ table }) => table),
    })),
  );
}

/** Reads what `formatRights` wrote, and the records of accounts from before that have one table each. */
export function parseRights(text: string): Right[] {
  return z
    .array(recordSchema)
    .parse(JSON.parse(text))
    .flatMap(({ database, privileges, ...record }) =>
      ("tables" in record ? record.tables : [record.table]).map((table) => ({ database, table, privileges })),
    );
}

const recordSchema = z.union([
  z.strictObject({
    database: z.string(),
    privileges: z.array(z.string()),
    tables: z.array(z.string().nullable()),
  }),
  z.strictObject({ database: z.string(), privileges: z.array(z.string()), table: z.string().nullable() }),
]);
