import { z } from "zod";
import type { DatabaseSummary, Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { isReserved } from "./names.ts";

/** The databases of people, by name: none of the server's, of a cloud's, or of ours. Nobody owns one in MySQL. */
export async function listDatabases(target: Target): Promise<DatabaseSummary[]> {
  return asAdministrator(target, userDatabases);
}

/**
 * Without their sizes: adding them up asks information_schema.TABLES for every view of `sys`, which is slow, and has
 * brought a MariaDB 10.11.19 down.
 */
export async function userDatabases(session: Session): Promise<DatabaseSummary[]> {
  const rows = await session.rows(
    z.strictObject({ name: z.string() }),
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME",
  );
  return rows
    .filter(({ name }) => !isReserved(name))
    .map(({ name }) => ({ name, owner: "", comment: null, sizeBytes: null, acceptsConnections: true }));
}
