import { z } from "zod";
import type { SchemaSnapshot, TableKind, TableSnapshot, Target } from "../engine.ts";
import { asAdministrator } from "./connection.ts";

/** Tables and columns of a database, which is its own only schema. */
export async function readSchema(target: Target, database: string): Promise<SchemaSnapshot> {
  return asAdministrator(target, async (session) => {
    const tables = await session.rows(tableRow, tablesQuery, [database]);
    const columns = await session.rows(columnRow, columnsQuery, [database]);
    const byTable = new Map<string, TableSnapshot["columns"]>();
    for (const { table, nullable, primaryKey, ...column } of columns) {
      const list = byTable.get(table) ?? [];
      list.push({ ...column, nullable: nullable === 1, primaryKey: primaryKey === 1 });
      byTable.set(table, list);
    }
    return {
      database,
      schemas: [
        {
          name: database,
          tables: tables.map(({ type, partitioned, ...table }) => ({
            ...table,
            kind: kindOf(type, partitioned === 1),
            columns: byTable.get(table.name) ?? [],
          })),
        },
      ],
    };
  });
}

function kindOf(type: string, isPartitioned: boolean): TableKind {
  if (type.includes("VIEW")) return "view";
  return isPartitioned ? "partitioned-table" : "table";
}

const tableRow = z.strictObject({
  name: z.string(),
  type: z.string(),
  partitioned: z.number(),
  comment: z.string().nullable(),
  rowEstimate: z.number().nullable(),
});

const columnRow = z.strictObject({
  table: z.string(),
  name: z.string(),
  type: z.string(),
  nullable: z.number(),
  primaryKey: z.number(),
  comment: z.string().nullable(),
});

// A view's comment is the word VIEW; a sequence of MariaDB is in nobody's scope by itself.
const tablesQuery = `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, coalesce(CREATE_OPTIONS, '') LIKE '%partitioned%' AS partitioned,
    CASE WHEN TABLE_TYPE LIKE '%VIEW' THEN NULL ELSE NULLIF(TABLE_COMMENT, '') END AS comment,
    CAST(TABLE_ROWS AS DOUBLE) AS rowEstimate
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'SEQUENCE' ORDER BY TABLE_NAME`;

const columnsQuery = `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS name, CAST(COLUMN_TYPE AS CHAR) AS type,
    IS_NULLABLE = 'YES' AS nullable, COLUMN_KEY = 'PRI' AS primaryKey, NULLIF(COLUMN_COMMENT, '') AS comment
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`;
