import type { Level, Scope } from "../engine.ts";
import { isReserved } from "./names.ts";

/** Rights are given table by table, which takes some seconds for so many. */
export const mostTables = 5_000;

/** Why this scope is impossible at this level in this database, or null. A schema is the database itself here. */
export function scopeProblem(level: Level, scope: Scope, database: string): string | null {
  if (!isName(database)) return "the database's name is malformed";
  if (isReserved(database)) return `database ${database} belongs to the server`;
  if (scope.kind === "objects") {
    const { objects } = scope;
    if (objects.length === 0) return "the scope names no schema and no table";
    if (objects.length > 500) return "the scope names more than 500 objects; ask for the database instead";
    for (const { schema, table } of objects) {
      if (!isName(schema) || (table !== undefined && !isName(table))) return "the scope has a malformed name";
      if (schema !== database) return `schema ${schema} is not database ${database}`;
    }
  }
  return level === "ddl" && isWhole(scope)
    ? "on MySQL and MariaDB level ddl is lent on named tables; name those to change, and those to create"
    : null;
}

/** Why a database with so many tables and views cannot be lent as a whole, or null. */
export function tableCountProblem(scope: Scope, database: string, count: number): string | null {
  if (!isWhole(scope)) return null;
  if (count === 0) return `database ${database} has no tables, and rights are given on tables`;
  return count > mostTables
    ? `database ${database} has ${count} tables, and at most ${mostTables} are lent at a time; name some of them`
    : null;
}

/** A schema without tables is the database. */
export function isWhole(scope: Scope): boolean {
  return scope.kind === "database" || scope.objects.some((object) => object.table === undefined);
}

function isName(name: string): boolean {
  return name !== "" && !name.includes("\0") && !name.endsWith(" ") && name.length <= 64;
}
