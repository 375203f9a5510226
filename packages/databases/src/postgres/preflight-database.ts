import { z } from "zod";
import type { PreflightCheck } from "../engine.ts";
import type { Session } from "./connection.ts";
import {
  closeDatabase,
  closeFunction,
  closeLargeObjects,
  closeSchema,
  grantSchemaRights,
} from "./install.ts";
import { identifier, sql } from "./quote.ts";
import { relationNotOfExtension, userSchema } from "./scope.ts";

/** What PUBLIC has in this database, which is what every account has, and what the administrator cannot lend. */
export async function preflightDatabase(
  session: Session,
  database: string,
  administrator: string,
): Promise<PreflightCheck[]> {
  const [open] = await session.rows(openRow, openQuery);
  const schemas = await session.rows(nameRow, publicSchemasQuery);
  const tables = await session.rows(publicTableRow, publicTablesQuery);
  const functions = await session.rows(nameRow, definerQuery);
  const out = await session.rows(outOfReachRow, outOfReachQuery);
  const on = (statements: readonly string[]) => statements.map((text) => ({ database, sql: text }));
  const owner = open?.owner ?? administrator;
  const check = (
    id: string,
    status: "missing" | "warning",
    found: number,
    yes: string,
    no: string,
    statements: string[],
  ): PreflightCheck => ({
    id,
    database,
    status: found === 0 ? "ok" : status,
    sentence: found === 0 ? yes : no,
    statements: found === 0 ? [] : on(statements),
  });
  return [
    check(
      "public-create",
      "missing",
      schemas.length,
      `In database ${database} nobody creates objects just by being there.`,
      `In database ${database} everybody may create objects in ${names(schemas)}: no account can be lent until that ends.`,
      schemas.map(({ name }) => closeSchema(name)),
    ),
    check(
      "public-tables",
      "warning",
      tables.length,
      `In database ${database} no table is open to everybody.`,
      `In database ${database} everybody has rights on ${names(tables)}: no account whose scope leaves them out can be lent.`,
      tables.map((table) => sql`REVOKE ALL ON TABLE ${table.quoted} FROM PUBLIC;`),
    ),
    check(
      "public-connect",
      "warning",
      open?.connect === true || open?.temporary === true ? 1 : 0,
      `Database ${database} lets in only who was given it.`,
      `Database ${database} lets everybody in${open?.temporary === true ? " and make temporary tables" : ""}: an account of another database can connect to it. Give CONNECT to the application's roles first.`,
      closeDatabase(database, [owner], administrator),
    ),
    check(
      "definer-functions",
      "warning",
      functions.length,
      `In database ${database} no function lends its owner's rights to everybody.`,
      `In database ${database} everybody may run functions with their owner's rights: ${names(functions)}.`,
      functions.map(({ name }) => closeFunction(name)),
    ),
    check(
      "large-objects",
      "warning",
      open?.largeObjects === true ? 1 : 0,
      `In database ${database} nobody stores large objects just by being there.`,
      `In database ${database} everybody may store large objects; those of an account are dropped at its end.`,
      closeLargeObjects(),
    ),
    check(
      "lendable",
      "warning",
      out.length,
      `All tables of database ${database} can be lent.`,
      `The administrator cannot lend ${out.reduce((sum, one) => sum + one.tables, 0)} tables of database ${database}.`,
      out.flatMap((one) => grantSchemaRights(administrator, one.owner, one.schema, "write")),
    ),
    check(
      "creatable",
      "warning",
      out.length === 0 && open?.creatable === false ? 1 : 0,
      `Objects can be created at level ddl in database ${database}.`,
      `Level ddl cannot be lent in database ${database}: the administrator may not pass on CREATE on any of its schemas.`,
      (open?.schemas ?? []).map(
        (schema) =>
          sql`GRANT USAGE, CREATE ON SCHEMA ${identifier(schema)} TO ${identifier(administrator)} WITH GRANT OPTION;`,
      ),
    ),
  ];
}

function names(found: readonly { name: string }[]): string {
  const first = found.slice(0, 5).map((one) => one.name);
  return found.length > 5 ? `${first.join(", ")} and ${found.length - 5} more` : first.join(", ");
}

const nameRow = z.strictObject({ name: z.string() });
const publicTableRow = z.strictObject({ name: z.string(), quoted: z.string() });
const outOfReachRow = z.strictObject({ schema: z.string(), owner: z.string(), tables: z.number() });
const openRow = z.strictObject({
  owner: z.string(),
  connect: z.boolean(),
  temporary: z.boolean(),
  creatable: z.boolean(),
  largeObjects: z.boolean(),
  schemas: z.array(z.string()),
});

const openQuery = `
SELECT pg_get_userbyid(d.datdba)::text AS owner,
  EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT') AS connect,
  EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0 AND a.privilege_type = 'TEMPORARY') AS temporary,
  EXISTS (SELECT FROM pg_namespace n WHERE ${userSchema} AND has_schema_privilege(n.oid, 'CREATE WITH GRANT OPTION')) AS creatable,
  EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea')
    AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)) AS "largeObjects",
  ARRAY(SELECT n.nspname::text FROM pg_namespace n WHERE ${userSchema} ORDER BY 1) AS schemas
FROM pg_database d WHERE d.datname = current_database()`;

export const publicSchemasQuery = `
SELECT n.nspname::text AS name FROM pg_namespace n WHERE ${userSchema}
  AND EXISTS (SELECT FROM aclexplode(n.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE') ORDER BY 1`;

export const publicTablesQuery = `
SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${userSchema} AND ${relationNotOfExtension}
  AND (EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)
    OR EXISTS (SELECT FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid AND a.grantee = 0))
ORDER BY 1`;

const definerQuery = `
SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND p.prokind = 'f' AND ${userSchema}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
ORDER BY 1`;

const outOfReachQuery = `
SELECT n.nspname::text AS schema, pg_get_userbyid(c.relowner)::text AS owner, count(*)::int AS tables
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${userSchema} AND ${relationNotOfExtension}
  AND pg_get_userbyid(c.relowner) !~ '^(dp_[0-7][0-9a-hjkmnp-tv-z]{25}|daypass_keeper_.*)$'
  AND NOT has_table_privilege(c.oid, 'SELECT WITH GRANT OPTION')
GROUP BY 1, 2 ORDER BY 1, 2`;
