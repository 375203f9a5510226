import type { Level, Scope } from "../catalog/catalog.view.ts";
import { loadTables } from "../catalog/schema.store.ts";
import type { AskTarget } from "./ask-target.ts";
import type { LendingContext } from "./privileges.port.ts";

export type ScopeProblem = { code: "scope.unknown" | "scope.not-lendable"; message: string };

/** Why no account can be made for this level and scope, as far as that is known before the database is asked. */
export async function scopeProblem(
  ctx: LendingContext,
  target: AskTarget,
  { level, scope }: { level: Level; scope: Scope },
): Promise<ScopeProblem | undefined> {
  const { ref, database } = target;
  // Rights of MySQL and MariaDB can be given on the name of a table that level ddl is to create.
  const unknown = target.unknownObjects.filter(
    ({ table }) => table === undefined || level !== "ddl" || ref.engine !== "mysql",
  );
  if (unknown.length > 0) {
    const names = unknown.map(({ schema, table }) =>
      table === undefined ? `schema ${schema}` : `table ${schema}.${table}`,
    );
    return { code: "scope.unknown", message: `The database has no ${names.join(", ")}.` };
  }
  const isWhole = scope.kind === "database" || scope.objects.some(({ table }) => table === undefined);
  const tables = isWhole && database.schemaReadAt ? (await loadTables(ctx, database)).length : undefined;
  const problem = ctx.lendingProblem(ref, level, scope, tables);
  return problem === null
    ? undefined
    : { code: "scope.not-lendable", message: `This cannot be lent: ${problem}.` };
}
