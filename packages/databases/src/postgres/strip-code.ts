import { z } from "zod";
import type { Session } from "./connection.ts";
import type { Leftover } from "./leftovers.ts";

/**
 * Statements that remove from what is kept everything that the server would run for whoever uses it: triggers, rules,
 * policies, checks, defaults, computed columns, indexes on expressions, casts. Rows stay.
 */
export async function stripCode(
  session: Session,
  role: { oid: number },
  kept: readonly Leftover[],
): Promise<string[]> {
  const ofCatalog = (catalog: string) =>
    kept.filter((one) => one.catalog === catalog).map((one) => one.objectId);
  const rows = await session.rows(statementRow, codeQuery, [
    ofCatalog("pg_class"),
    ofCatalog("pg_type"),
    role.oid,
  ]);
  return rows.map(({ statement }) => statement);
}

/** Indexes that can be dropped alone, for a table with so many that its removal does not fit in the table of locks. */
export async function dropIndexes(session: Session, leftovers: readonly Leftover[]): Promise<string[]> {
  const rows = await session.rows(statementRow, indexQuery, [leftovers.map((one) => one.objectId)]);
  return rows.map(({ statement }) => statement);
}

const statementRow = z.strictObject({ statement: z.string() });

const plainIndex = `NOT ic.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))`;

// What a parent table passes on is dropped there, and a cast that the server created with a range stays with it. Every name is quoted by the server itself.
const codeQuery = `
WITH r AS (
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY ($1::oid[]))
SELECT statement FROM (
  SELECT 1 AS step, format('DROP TRIGGER IF EXISTS %I ON %s', t.tgname, r.name) AS statement
    FROM r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL SELECT 1, format('DROP RULE IF EXISTS %I ON %s', w.rulename, r.name)
    FROM r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.ev_type <> '1'
  UNION ALL SELECT 1, format('DROP POLICY IF EXISTS %I ON %s', p.polname, r.name) FROM r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL SELECT 1, format('ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %I', r.name, k.conname)
    FROM r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype IN ('c', 'f', 'x') AND k.coninhcount = 0 AND k.conparentid = 0
  UNION ALL SELECT 1, format('DROP INDEX IF EXISTS %s', format('%I.%I', n.nspname, ic.relname))
    FROM r JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = ic.relnamespace
    WHERE (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL) AND ${plainIndex}
  UNION ALL SELECT 2, format(CASE a.attgenerated
      WHEN '' THEN 'ALTER TABLE ONLY %1$s ALTER COLUMN %2$I DROP DEFAULT'
      WHEN 's' THEN 'ALTER TABLE %1$s ALTER COLUMN %2$I DROP EXPRESSION IF EXISTS'
      ELSE 'ALTER TABLE %1$s ALTER COLUMN %2$I DROP NOT NULL; ALTER TABLE %1$s ALTER COLUMN %2$I SET EXPRESSION AS (NULL)' END, r.name, a.attname)
    FROM r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE NOT a.attisdropped AND (a.attgenerated = '' OR a.attinhcount = 0)
  UNION ALL SELECT 2, format('ALTER DOMAIN %s DROP CONSTRAINT IF EXISTS %I', format_type(k.contypid, NULL), k.conname)
    FROM pg_constraint k WHERE k.contypid = ANY ($2::oid[]) AND k.contype = 'c'
  UNION ALL SELECT 2, format('ALTER DOMAIN %s DROP DEFAULT', format_type(t.oid, NULL))
    FROM pg_type t WHERE t.oid = ANY ($2::oid[]) AND t.typtype = 'd' AND t.typdefault IS NOT NULL
  UNION ALL SELECT 2, format('DROP CAST IF EXISTS (%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL))
    FROM pg_cast k JOIN pg_type f ON f.oid = k.castsource JOIN pg_type g ON g.oid = k.casttarget WHERE $3 IN (f.typowner, g.typowner)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i')
  UNION ALL SELECT 2, format('DROP TRANSFORM IF EXISTS FOR %s LANGUAGE %I', format_type(t.oid, NULL), l.lanname)
    FROM pg_transform k JOIN pg_type t ON t.oid = k.trftype JOIN pg_language l ON l.oid = k.trflang WHERE t.typowner = $3) code
ORDER BY step`;

const indexQuery = `
SELECT format('DROP INDEX IF EXISTS %I.%I', n.nspname, ic.relname) AS statement
FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_namespace n ON n.oid = ic.relnamespace
WHERE x.indrelid = ANY ($1::oid[]) AND ${plainIndex}`;
