import { z } from "zod";
import type { Session } from "./connection.ts";

export type VisitedDatabase = { name: string; acceptsConnections: boolean };

/**
 * The databases in which something depends on the role: owned objects, rights, default privileges, and transactions
 * that were prepared and never finished. Dependencies of the server as a whole count for the database at hand, except
 * that a subscription belongs to its own, which comes first. Up to PostgreSQL 15 also those where a group of this stack has left something: see group-leftovers.ts.
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
       OR d.oid IN (SELECT u.subdbid FROM pg_subscription u WHERE u.subowner = $1)
       OR d.datname IN (SELECT p.database FROM pg_prepared_xacts p JOIN pg_roles r ON r.rolname = p.owner WHERE r.oid = $1)
       OR (current_setting('server_version_num')::int < 160000 AND EXISTS (
         SELECT FROM pg_roles g WHERE g.rolname LIKE 'daypass\\_%' AND shobj_description(g.oid, 'pg_authid') LIKE 'daypass stack=' || $2 || ' group=%'
           AND (EXISTS (SELECT FROM pg_prepared_xacts p WHERE p.owner = g.rolname AND p.database = d.datname)
             OR EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = g.oid
               AND s.deptype = 'o' AND s.dbid = d.oid))))
     ORDER BY EXISTS (SELECT FROM pg_subscription u WHERE u.subowner = $1 AND u.subdbid = d.oid) DESC, d.datname`,
    [oid, stack],
  );
}

export type OwnedObject = { description: string; schema: string | null };

/** What the role owns in this database, apart from what DROP OWNED is for (default privileges, user mappings). */
export async function ownedObjects(session: Session, oid: number): Promise<OwnedObject[]> {
  return session.rows(
    z.strictObject({ description: z.string(), schema: z.string().nullable() }),
    // The server quotes the schema's name where needed: it is compared as the server would write it.
    `SELECT coalesce(pg_describe_object(s.classid, s.objid, s.objsubid), 'an object') AS description,
       n.nspname::text AS schema
     FROM pg_shdepend s
       LEFT JOIN pg_class c ON s.classid = 'pg_class'::regclass AND c.oid = s.objid,
       LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) i
       LEFT JOIN pg_namespace n ON quote_ident(n.nspname) = i.schema
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
       AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       AND s.classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)
       AND (c.oid IS NULL OR c.relpersistence <> 't')
     ORDER BY 1`,
    [oid],
  );
}
