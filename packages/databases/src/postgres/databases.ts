import { z } from "zod";
import type { DatabaseSummary, Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";

/** The databases of people, by name: no templates, none that a cloud keeps for itself. */
export async function listDatabases(target: Target): Promise<DatabaseSummary[]> {
  return asAdministrator(target, target.maintenanceDatabase, userDatabases);
}

export function userDatabases(session: Session): Promise<DatabaseSummary[]> {
  return session.rows(databaseRow, databasesQuery, [cloudInternal]);
}

/** Of pg_database as d: somebody who is no superuser can connect. A limit of 0 is none, -2 a database half dropped. */
export const acceptsConnections = "d.datallowconn AND d.datconnlimit NOT IN (0, -2)";

export const cloudInternal = ["rdsadmin", "cloudsqladmin", "azure_maintenance", "azure_sys", "alloydbadmin"];

const databaseRow = z.strictObject({
  name: z.string(),
  owner: z.string(),
  comment: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  acceptsConnections: z.boolean(),
});

const databasesQuery = `
SELECT d.datname::text AS name, pg_get_userbyid(d.datdba)::text AS owner, shobj_description(d.oid, 'pg_database') AS comment,
  CASE WHEN has_database_privilege(d.oid, 'CONNECT') THEN pg_database_size(d.oid)::float8 END AS "sizeBytes",
  d.datallowconn AND has_database_privilege(d.oid, 'CONNECT') AS "acceptsConnections"
FROM pg_database d WHERE NOT d.datistemplate AND NOT d.datname = ANY ($1::text[]) ORDER BY d.datname`;
