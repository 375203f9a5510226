import type { DatabaseDetailView, Level, Scope } from "../../lib/api.ts";

export type ScopeObject = Extract<Scope, { kind: "objects" }>["objects"][number];
type Table = DatabaseDetailView["tables"][number];

const isSame = (one: ScopeObject, other: ScopeObject) =>
  one.schema === other.schema && one.table === other.table;

export function isIn(objects: readonly ScopeObject[], wanted: ScopeObject): boolean {
  return objects.some((object) => isSame(object, wanted));
}

/** Adds or takes away one; a whole schema stands for its tables, which are then no longer named one by one. */
export function toggled(objects: readonly ScopeObject[], object: ScopeObject): ScopeObject[] {
  if (isIn(objects, object)) return objects.filter((other) => !isSame(other, object));
  const kept =
    object.table === undefined ? objects.filter((other) => other.schema !== object.schema) : [...objects];
  return [...kept, object];
}

/** Tables by schema, those whose name or schema holds the text. */
export function matchingSchemas(
  tables: readonly Table[],
  text: string,
): { schema: string; tables: Table[] }[] {
  const wanted = text.trim().toLowerCase();
  const found = new Map<string, Table[]>();
  for (const table of tables) {
    if (!`${table.schema}.${table.name}`.toLowerCase().includes(wanted)) continue;
    found.set(table.schema, [...(found.get(table.schema) ?? []), table]);
  }
  return [...found].map(([schema, members]) => ({ schema, tables: members }));
}

/** MySQL and MariaDB lend level ddl on named tables only. */
export function namesTables(
  engine: DatabaseDetailView["engine"] | undefined,
  level: Level | undefined,
): boolean {
  return engine === "mysql" && level === "ddl";
}

/** The table that the text names in this schema, where there is none of that name yet. */
export function newTable(
  tables: readonly Table[],
  schema: string | undefined,
  text: string,
): { schema: string; table: string } | undefined {
  const table = text.trim();
  if (schema === undefined || table === "") return undefined;
  const isThere = tables.some((known) => known.schema === schema && known.name === table);
  return isThere ? undefined : { schema, table };
}
