import { z } from "zod";
import type { AccountPlan, Level } from "../engine.ts";
import { type Dialect } from "./dialect.ts";
import { account, databasePattern, list, qualified, sql } from "./quote.ts";

/** Privileges on a whole database (`table` null) or on one table of it. */
export type Right = { database: string; table: string | null; privileges: string[] };

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

/** What can be granted on the database of a plan so that the level can be lent there. */
export function levelPrivileges(level: Level): readonly string[] {
  return privilegesOf[level];
}

/**
 * What an account of this plan is given, and nothing else. `views` are those among the named tables: they are only
 * read, since writing through one reaches tables that nobody named.
 */
export function rightsOf(
  { level, scope, database }: Pick<AccountPlan, "level" | "scope" | "database">,
  views: readonly string[] = [],
): Right[] {
  const whole: Right = { database, table: null, privileges: [...privilegesOf[level]] };
  if (scope.kind === "database") return [whole];
  if (scope.objects.some((object) => object.table === undefined)) return [whole];
  const tables = [...new Set(scope.objects.flatMap(({ table }) => (table === undefined ? [] : [table])))];
  return tables.toSorted().map((table) => ({
    database,
    table,
    privileges: [...privilegesOf[views.includes(table) ? "read" : level]],
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

/** What stands after ON, as the server itself prints it in SHOW GRANTS. */
export function objectOf(
  { database, table }: Pick<Right, "database" | "table">,
  { plainDatabaseNames }: Pick<Dialect, "plainDatabaseNames">,
): string {
  return table === null ? `${databasePattern(database, plainDatabaseNames)}.*` : qualified(database, table);
}

/** As the register keeps them. */
export function parseRights(text: string): Right[] {
  return z.array(rightSchema).parse(JSON.parse(text));
}

const rightSchema = z.strictObject({
  database: z.string(),
  table: z.string().nullable(),
  privileges: z.array(z.string()),
});
