import { z } from "zod";
import type { Session } from "./connection.ts";

export type VisitedDatabase = { name: string; acceptsConnections: boolean };

/**
 * The databases in which something depends on the role: owned objects, rights, default privileges, and transactions
 * that were prepared and never finished. Dependencies of the server as a whole count for the database at hand. Up to
 * PostgreSQL 15 also those where a group of this stack has left something: see group-leftovers.ts.
 */
export async function databasesToVisit(
  session: Session,
  stack: string,
  oid: number,
): Promise<VisitedDatabase[]> {
  return session.rows(
    z.strictObject({ name: z.string(), acceptsConnections: z.boolean() }),
    `SELECT d.datname::text AS name, d.datallowconn AS "acceptsConnections" FROM pg_database d
     WHERE d.oid IN (
         SELECT CASE s.dbid WHEN 0 THEN (SELECT oid FROM pg_database WHERE datname = current_database()) ELSE s.dbid END
         FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1
           AND s.classid <> 'pg_auth_members'::regclass)
       OR d.datname IN (SELECT p.database FROM pg_prepared_xacts p JOIN pg_roles r ON r.rolname = p.owner WHERE r.oid = $1)
       OR (current_setting('server_version_num')::int < 160000 AND EXISTS (
         SELECT FROM pg_roles g WHERE g.rolname LIKE 'daypass\\_%' AND shobj_description(g.oid, 'pg_authid') LIKE 'daypass stack=' || $2 || ' group=%'
           AND (EXISTS (SELECT FROM pg_prepared_xacts p WHERE p.owner = g.rolname AND p.database = d.datname)
             OR EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = g.oid
               AND s.deptype = 'o' AND s.dbid = d.oid))))
     ORDER BY d.datname`,
    [oid, stack],
  );
}

/** `relation` and `routine` (functions, procedures, aggregates) are names that the server wrote, quoted where needed. */
export type OwnedObject = {
  description: string;
  relation: string | null;
  routine: string | null;
  schema: string | null;
};

/** What the role owns in this database, apart from what DROP OWNED is for (default privileges, user mappings). */
export async function ownedObjects(session: Session, oid: number): Promise<OwnedObject[]> {
  return session.rows(
    z.strictObject({
      description: z.string(),
      relation: z.string().nullable(),
      routine: z.string().nullable(),
      schema: z.string().nullable(),
    }),
    `SELECT coalesce(pg_describe_object(s.classid, s.objid, s.objsubid), 'an object') AS description,
       CASE WHEN s.classid = 'pg_class'::regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
         THEN s.objid::regclass::text END AS relation,
       CASE WHEN s.classid = 'pg_proc'::regclass THEN s.objid::regprocedure::text END AS routine,
       i.schema
     FROM pg_shdepend s
       LEFT JOIN pg_class c ON s.classid = 'pg_class'::regclass AND c.oid = s.objid,
       LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) i
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
       AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       AND s.classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)
       AND (c.oid IS NULL OR c.relpersistence <> 't')
     ORDER BY 1`,
    [oid],
  );
}
