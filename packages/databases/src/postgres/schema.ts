import { z } from "zod";
import type { SchemaSnapshot, TableKind, TableSnapshot, Target } from "../engine.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { userSchema } from "./scope.ts";

/** Schemas, tables and columns as the catalog has them; children of partitioned tables are left to their parent. */
export async function readSchema(target: Target, database: string): Promise<SchemaSnapshot> {
  return asAdministrator(target, database, (session) =>
    inTransaction(session, async () => {
      await session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      return { database, schemas: await readSchemas(session) };
    }),
  );
}

async function readSchemas(session: Session): Promise<SchemaSnapshot["schemas"]> {
  const schemas = await session.rows(z.strictObject({ name: z.string() }), schemasQuery);
  const tables = await session.rows(tableRow, tablesQuery);
  const columns = await session.rows(columnRow, columnsQuery);
  const byTable = new Map<number, TableSnapshot["columns"]>();
  for (const { table, ...column } of columns) {
    const list = byTable.get(table) ?? [];
    list.push(column);
    byTable.set(table, list);
  }
  return schemas.map(({ name }) => ({
    name,
    tables: tables
      .filter((table) => table.schema === name)
      .map(({ oid, schema: _schema, kind, ...table }) => ({
        ...table,
        kind: kinds[kind],
        columns: byTable.get(oid) ?? [],
      })),
  }));
}

const kinds: Record<z.infer<typeof tableRow>["kind"], TableKind> = {
  r: "table",
  p: "partitioned-table",
  v: "view",
  m: "materialized-view",
  f: "foreign-table",
};

const tableRow = z.strictObject({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["r", "p", "v", "m", "f"]),
  comment: z.string().nullable(),
  rowEstimate: z.number().nullable(),
});

const columnRow = z.strictObject({
  table: z.number(),
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  primaryKey: z.boolean(),
  comment: z.string().nullable(),
});

const listed = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't' AND ${userSchema}`;

const schemasQuery = `SELECT n.nspname::text AS name FROM pg_namespace n WHERE ${userSchema} ORDER BY n.nspname`;

// A partitioned table that was never analyzed has no figure of its own: its children's are summed.
const tablesQuery = `
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
  obj_description(c.oid, 'pg_class') AS comment,
  CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::float8
       WHEN c.relkind = 'p' THEN (SELECT sum(k.reltuples)::float8 FROM pg_partition_tree(c.oid) t JOIN pg_class k ON k.oid = t.relid
                                  WHERE t.isleaf AND k.reltuples >= 0)
  END AS "rowEstimate"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${listed} ORDER BY n.nspname, c.relname`;

const columnsQuery = `
SELECT a.attrelid AS table, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
  EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS "primaryKey",
  col_description(c.oid, a.attnum) AS comment
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${listed} AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;
