import { randomBytes } from "node:crypto";
import { z } from "zod";
import { type Cleaning, runInBatches } from "./batches.ts";
import { lendCreate } from "./hand-over.ts";
import { objectKeyword } from "./leftovers.ts";

/**
 * Gives what is kept a name that no code uses, so that nobody reaches it by its old one. An object in a schema in
 * which the administrator may not create keeps its name; it is empty of code all the same. Another account can
 * foresee the new name and take it: then it becomes one that nobody can foresee.
 */
export async function setAside(cleaning: Cleaning): Promise<Error | undefined> {
  const { failure } = await runInBatches(cleaning, await renames(cleaning, ""));
  if (failure === undefined) return undefined;
  const unforeseen = `${randomBytes(6).toString("hex")}_`;
  return (await runInBatches(cleaning, await renames(cleaning, unforeseen))).failure;
}

/** Whether everything that the role owns has such a name. */
export async function isSetAside(cleaning: Cleaning): Promise<boolean> {
  return (await renames(cleaning, "")).length === 0;
}

async function renames({ session, role }: Cleaning, part: string): Promise<string[]> {
  const rows = await session.rows(statementRow, renameQuery, [role.oid, part]);
  return rows.map(({ statement }) => statement);
}

/** Gives the keeper the relations of a role in batches, where they are too many for one REASSIGN OWNED. */
export async function giveManyRelations(cleaning: Cleaning): Promise<Error | undefined> {
  const { session, role, keeper } = cleaning;
  const rows = await session.rows(relationRow, ownerQuery, [role.oid, keeper]);
  if (rows.length <= fewRelations) return undefined;
  const lent = await lendCreate(session, keeper, [...new Set(rows.map(({ schema }) => schema))]);
  const { failure } = await runInBatches(
    cleaning,
    rows.map(({ statement }) => statement),
    lent,
  );
  return failure;
}

const fewRelations = 200;

const statementRow = z.strictObject({ statement: z.string() });
const relationRow = z.strictObject({ statement: z.string(), schema: z.string() });

// What an identity column or an extension holds is renamed and handed over with that.
const own = `s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
  AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = s.classid AND d.objid = s.objid AND d.deptype IN ('i', 'e')
    AND (d.refclassid, d.refobjid) <> (s.classid, s.objid))`;

// Routines come first: the types of their parameters are part of what they are called by. Operators and their classes have no other name to take: their functions are empty.
const renameQuery = `
SELECT format('ALTER %s %s RENAME TO %I', ${objectKeyword}, i.identity, ('daypass_left_' || s.objid || '_' || $2 || k.name)::name) AS statement
FROM pg_shdepend s, LATERAL pg_identify_object(s.classid, s.objid, 0) i, LATERAL (
  SELECT relname::text AS name, relnamespace AS schema FROM pg_class WHERE s.classid = 'pg_class'::regclass AND oid = s.objid AND relpersistence <> 't'
  UNION ALL SELECT proname, pronamespace FROM pg_proc WHERE s.classid = 'pg_proc'::regclass AND oid = s.objid
  UNION ALL SELECT typname, typnamespace FROM pg_type WHERE s.classid = 'pg_type'::regclass AND oid = s.objid
  UNION ALL SELECT collname, collnamespace FROM pg_collation WHERE s.classid = 'pg_collation'::regclass AND oid = s.objid
  UNION ALL SELECT conname, connamespace FROM pg_conversion WHERE s.classid = 'pg_conversion'::regclass AND oid = s.objid
  UNION ALL SELECT cfgname, cfgnamespace FROM pg_ts_config WHERE s.classid = 'pg_ts_config'::regclass AND oid = s.objid
  UNION ALL SELECT dictname, dictnamespace FROM pg_ts_dict WHERE s.classid = 'pg_ts_dict'::regclass AND oid = s.objid
  UNION ALL SELECT stxname, stxnamespace FROM pg_statistic_ext WHERE s.classid = 'pg_statistic_ext'::regclass AND oid = s.objid) k
WHERE ${own} AND NOT starts_with(k.name, 'daypass_left_' || s.objid || '_') AND has_schema_privilege(k.schema, 'CREATE')
ORDER BY s.classid <> 'pg_proc'::regclass, s.objid`;

const ownerQuery = `
SELECT format('ALTER TABLE %I.%I OWNER TO %I', n.nspname, c.relname, $2::text) AS statement, n.nspname::text AS schema
FROM pg_shdepend s JOIN pg_class c ON s.classid = 'pg_class'::regclass AND c.oid = s.objid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${own} AND c.relpersistence <> 't'
  AND (has_schema_privilege($2, n.oid, 'CREATE') OR has_schema_privilege(n.oid, 'CREATE WITH GRANT OPTION'))
ORDER BY s.objid`;
