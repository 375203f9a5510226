import { z } from "zod";
import type { DatabaseSummary, Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { isReserved } from "./names.ts";

/** The databases of people, by name: none of the server's, of a cloud's, or of ours. Nobody owns one in MySQL. */
export async function listDatabases(target: Target): Promise<DatabaseSummary[]> {
  return asAdministrator(target, userDatabases);
}

export async function userDatabases(session: Session): Promise<DatabaseSummary[]> {
  const rows = await session.rows(
    z.strictObject({ name: z.string(), sizeBytes: z.number().nullable() }),
    `SELECT s.SCHEMA_NAME AS name,
       (SELECT CAST(SUM(t.DATA_LENGTH + t.INDEX_LENGTH) AS DOUBLE) FROM information_schema.TABLES t
         WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME) AS sizeBytes
     FROM information_schema.SCHEMATA s ORDER BY s.SCHEMA_NAME`,
  );
  return rows
    .filter(({ name }) => !isReserved(name))
    .map((row) => ({ ...row, owner: "", comment: null, acceptsConnections: true }));
}
