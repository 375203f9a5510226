import { z } from "zod";
import type { Session } from "./connection.ts";
import { type Dependency, fatesOf, type ObjectKey } from "./fates.ts";

/** One object that a role owns in this database, and what becomes of it. */
export type Leftover = {
  key: ObjectKey;
  classId: number;
  objectId: number;
  catalog: string;
  description: string;
  /** The statement that drops it with all that hangs on it; nothing of anyone else's is among that. */
  drop: string;
};

export type Leftovers = { drop: Leftover[]; keep: Leftover[] };

/**
 * What the role owns in this database, newest first. Tables with rows are kept, and so is what other people's objects
 * depend on. Everything else is dropped: code and copies that nobody answers for any more.
 */
export async function readLeftovers(session: Session, oid: number): Promise<Leftovers> {
  const owned = await session.rows(leftoverRow, leftoverQuery, [oid]);
  if (owned.length === 0) return { drop: [], keep: [] };
  const dependencies: Dependency[] = await session.rows(dependencyRow, dependencyQuery, [oid]);
  const fates = fatesOf(
    owned.map((one) => ({ key: one.key, holdsRows: one.holdsRows })),
    dependencies,
  );
  return {
    drop: owned.filter(({ key }) => fates.get(key) === "drop"),
    keep: owned.filter(({ key }) => fates.get(key) === "keep"),
  };
}

/** For people: what each was called and what it is called now. */
export async function describeLeftovers(session: Session, leftovers: readonly Leftover[]): Promise<string[]> {
  const now = await session.rows(
    z.strictObject({ key: z.string(), identity: z.string().nullable(), description: z.string().nullable() }),
    `SELECT k.class || ':' || k.id AS key, (pg_identify_object(k.class::oid, k.id::oid, 0)).identity,
       pg_describe_object(k.class::oid, k.id::oid, 0) AS description
     FROM unnest($1::int8[], $2::int8[]) AS k(class, id)`,
    [leftovers.map(({ classId }) => classId), leftovers.map(({ objectId }) => objectId)],
  );
  const byKey = new Map(now.map((one) => [one.key, one]));
  return leftovers.map(({ key, description }) => {
    const { description: today, identity } = byKey.get(key) ?? {};
    return today === description || today === null || today === undefined
      ? description
      : `${description}, now ${identity}`;
  });
}

const leftoverRow = z.strictObject({
  key: z.string(),
  classId: z.number(),
  objectId: z.number(),
  catalog: z.string(),
  description: z.string(),
  drop: z.string(),
  holdsRows: z.boolean(),
});

/** What belongs to one database, without large objects: see large-objects.ts. What belongs to the server as a whole (databases, tablespaces) is never dropped. */
export const ownedHere = `s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
  AND s.classid NOT IN ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass, 'pg_largeobject'::regclass)
  AND (s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    OR EXISTS (SELECT FROM pg_subscription u WHERE s.classid = 'pg_subscription'::regclass AND u.oid = s.objid
      AND u.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())))`;

/** What DROP and ALTER call an object that pg_identify_object() has as `i`. */
export const objectKeyword = `CASE i.type
  WHEN 'aggregate' THEN 'ROUTINE' WHEN 'function' THEN 'ROUTINE' WHEN 'procedure' THEN 'ROUTINE'
  WHEN 'statistics object' THEN 'STATISTICS' WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER'
  ELSE upper(i.type) END`;

// A table without a page never held a row. One that is locked is not measured, which would wait, and counts as full.
const leftoverQuery = `
SELECT s.classid || ':' || s.objid AS key, s.classid AS "classId", s.objid AS "objectId", s.classid::regclass::text AS catalog,
  coalesce(pg_describe_object(s.classid, s.objid, 0), 'an object') AS description,
  CASE
    WHEN s.classid = 'pg_subscription'::regclass
      THEN format('ALTER SUBSCRIPTION %1$s DISABLE; ALTER SUBSCRIPTION %1$s SET (slot_name = NONE); DROP SUBSCRIPTION IF EXISTS %1$s', i.identity)
    ELSE format('DROP %s IF EXISTS %s CASCADE', ${objectKeyword}, i.identity)
  END AS drop,
  CASE WHEN s.classid <> 'pg_class'::regclass OR c.relkind <> 'r' OR c.relpersistence = 't' THEN false
    WHEN c.oid IN (SELECT l.relation FROM pg_locks l WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) THEN true
    ELSE coalesce(pg_relation_size(c.oid), 0) > 0 END AS "holdsRows"
FROM pg_shdepend s LEFT JOIN pg_class c ON s.classid = 'pg_class'::regclass AND c.oid = s.objid,
  LATERAL pg_identify_object(s.classid, s.objid, 0) i
WHERE ${ownedHere} AND i.identity IS NOT NULL
ORDER BY s.objid DESC`;

const dependencyRow = z.strictObject({
  from: z.string(),
  to: z.string(),
  type: z.string(),
  fromMine: z.boolean(),
});

// Casts, transforms and user mappings have no owner: they belong to the type or server that they are for. A partition of someone else's does not
// belong to its parent's owner.
const dependencyQuery = `
WITH RECURSIVE mine(classid, objid) AS (
  SELECT s.classid, s.objid FROM pg_shdepend s WHERE ${ownedHere}
  UNION
  SELECT d.classid, d.objid FROM mine m JOIN pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid
  WHERE (d.deptype IN ('a', 'i', 'e', 'P', 'S')
      OR (m.classid = 'pg_type'::regclass AND d.classid IN ('pg_cast'::regclass, 'pg_transform'::regclass))
      OR (m.classid = 'pg_foreign_server'::regclass AND d.classid = 'pg_user_mapping'::regclass))
    AND NOT (d.classid = 'pg_class'::regclass AND d.deptype = 'a'
      AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relowner <> $1)))
SELECT DISTINCT d.classid || ':' || d.objid AS "from", d.refclassid || ':' || d.refobjid AS "to", d.deptype::text AS type,
  (d.classid, d.objid) IN (SELECT classid, objid FROM mine) AS "fromMine"
FROM mine m JOIN pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid
WHERE (d.classid, d.objid) <> (d.refclassid, d.refobjid)`;
