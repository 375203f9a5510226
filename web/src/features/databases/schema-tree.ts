import type { TableView } from "@daypass/core/catalog/catalog.view.ts";

export type SchemaGroup = { schema: string; tables: TableView[] };

/** Tables under their schemas; with a query only those whose name, schema-qualified name or a column contains it. */
export function schemaTree(tables: readonly TableView[], query: string): SchemaGroup[] {
  const wanted = query.trim().toLowerCase();
  const groups = new Map<string, SchemaGroup>();
  for (const table of tables) {
    if (wanted !== "" && !matches(table, wanted)) continue;
    const group = groups.get(table.schema) ?? { schema: table.schema, tables: [] };
    group.tables.push(table);
    groups.set(table.schema, group);
  }
  return [...groups.values()];
}

function matches(table: TableView, wanted: string): boolean {
  return (
    `${table.schema}.${table.name}`.toLowerCase().includes(wanted) ||
    table.columns.some((column) => column.name.toLowerCase().includes(wanted))
  );
}
