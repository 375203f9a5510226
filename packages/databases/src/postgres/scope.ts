import { z } from "zod";
import { EngineError, type Scope } from "../engine.ts";
import type { Session } from "./connection.ts";
import type { GroupRight } from "./names.ts";
import type { RightsClass } from "./rights-sql.ts";

export type Privilege = "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "USAGE" | "CREATE" | "CONNECT";

/**
 * One object of the database and a group's rights on it: what it should have, what is written down for it, what it
 * has in effect (also through PUBLIC), and what the administrator can give.
 */
export type ScopedObject = {
  oid: number;
  class: RightsClass;
  schema: string;
  name: string;
  wanted: Privilege[];
  written: string[];
  effective: string[];
  grantable: string[];
};

/** Everything in the database that the group has a right on or should have one on. */
export async function resolveScope(
  session: Session,
  scope: Scope,
  right: GroupRight,
  group: string,
  keeper: string,
): Promise<ScopedObject[]> {
  const relations = await session.rows(relationRow, relationQuery, [group, keeper]);
  const namespaces = await session.rows(schemaRow, schemaQuery, [group]);
  const databases = await session.rows(schemaRow, databaseQuery, [group]);
  const picked = pick(scope, relations, namespaces);
  const objects: ScopedObject[] = [];
  for (const { kind, uses, ...relation } of relations) {
    const isSequence = kind === "S";
    const inScope = isSequence
      ? picked.schemas.has(relation.schema) || uses.some((table) => picked.tables.has(table))
      : picked.tables.has(relation.oid);
    const wanted = inScope && !relation.leftover ? relationRights(kind, right) : [];
    objects.push(object(isSequence ? "sequence" : "table", relation, wanted));
  }
  const usedSchemas = new Set(relations.filter((one) => picked.tables.has(one.oid)).map((one) => one.schema));
  for (const namespace of namespaces) {
    const inScope = picked.schemas.has(namespace.name) || usedSchemas.has(namespace.name);
    const wanted: Privilege[] = right === "create" ? ["USAGE", "CREATE"] : ["USAGE"];
    objects.push(object("schema", { ...namespace, schema: namespace.name }, inScope ? wanted : []));
  }
  for (const database of databases) {
    objects.push(object("database", { ...database, schema: "" }, ["CONNECT"]));
  }
  return objects.filter((one) => one.wanted.length > 0 || one.written.length > 0);
}

function object(
  kind: RightsClass,
  row: Omit<ScopedObject, "class" | "wanted">,
  wanted: Privilege[],
): ScopedObject {
  const { oid, schema, name, written, effective, grantable } = row;
  return { oid, class: kind, schema, name, wanted, written, effective, grantable };
}

/** Views are read only: writing through a view would reach tables that nobody named. */
function relationRights(kind: string, right: GroupRight): Privilege[] {
  if (right === "create") return [];
  if (kind === "S") return right === "write" ? ["USAGE"] : [];
  const isTable = kind === "r" || kind === "p" || kind === "f";
  return right === "write" && isTable ? ["SELECT", "INSERT", "UPDATE", "DELETE"] : ["SELECT"];
}

function pick(
  scope: Scope,
  relations: readonly z.infer<typeof relationRow>[],
  namespaces: readonly z.infer<typeof schemaRow>[],
): { tables: Set<number>; schemas: Set<string> } {
  const tables = relations.filter((one) => one.kind !== "S");
  if (scope.kind === "database") {
    return {
      tables: new Set(tables.map((one) => one.oid)),
      schemas: new Set(namespaces.map((one) => one.name)),
    };
  }
  const picked = { tables: new Set<number>(), schemas: new Set<string>() };
  for (const { schema, table } of scope.objects) {
    if (!namespaces.some((one) => one.name === schema)) {
      throw new EngineError("invalid", `there is no schema ${schema} in this database`);
    }
    const found = tables.filter(
      (one) => one.schema === schema && (table === undefined || one.name === table),
    );
    if (table === undefined) picked.schemas.add(schema);
    else if (found.length === 0) throw new EngineError("invalid", `there is no table ${schema}.${table}`);
    for (const one of found) picked.tables.add(one.oid);
  }
  return picked;
}

const rights = {
  written: z.array(z.string()),
  effective: z.array(z.string()),
  grantable: z.array(z.string()),
};
const schemaRow = z.strictObject({ oid: z.number(), name: z.string(), ...rights });
const relationRow = z.strictObject({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  leftover: z.boolean(),
  uses: z.array(z.number()),
  ...rights,
});

/** Schemas of users: neither the system's nor another session's temporary ones, and none of an extension's. */
export const userSchema = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
const notOfExtension = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
export const relationNotOfExtension = notOfExtension("pg_class", "c.oid");

const tablePrivileges = "('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')";

// What a temporary account or the keeper owns is never in scope: it is a copy that nobody classified.
const relationQuery = `
WITH g AS (SELECT oid FROM pg_roles WHERE rolname = $1)
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
  (pg_get_userbyid(c.relowner) = $2 OR pg_get_userbyid(c.relowner) ~ '^dp_[0-7][0-9a-hjkmnp-tv-z]{25}$') AS leftover,
  CASE WHEN c.relkind = 'S' THEN ARRAY(
    SELECT d.refobjid FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    UNION SELECT a.adrelid FROM pg_depend d JOIN pg_attrdef a ON a.oid = d.objid
      WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
  ) ELSE '{}'::oid[] END AS uses,
  ARRAY(SELECT a.privilege_type FROM aclexplode(c.relacl) a, g WHERE a.grantee = g.oid) AS written,
  CASE WHEN c.relkind = 'S'
    THEN ARRAY(SELECT 'USAGE' FROM g WHERE has_sequence_privilege(g.oid, c.oid, 'USAGE'))
    ELSE ARRAY(SELECT p.name FROM g, (VALUES ${tablePrivileges}) AS p(name) WHERE has_table_privilege(g.oid, c.oid, p.name))
  END AS effective,
  CASE WHEN c.relkind = 'S'
    THEN ARRAY(SELECT 'USAGE' WHERE has_sequence_privilege(c.oid, 'USAGE WITH GRANT OPTION'))
    ELSE ARRAY(SELECT p.name FROM (VALUES ${tablePrivileges}) AS p(name)
      WHERE has_table_privilege(c.oid, p.name || ' WITH GRANT OPTION'))
  END AS grantable
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${userSchema} AND ${relationNotOfExtension}
ORDER BY n.nspname, c.relname`;

const schemaQuery = `
WITH g AS (SELECT oid FROM pg_roles WHERE rolname = $1)
SELECT n.oid, n.nspname AS name,
  ARRAY(SELECT a.privilege_type FROM aclexplode(n.nspacl) a, g WHERE a.grantee = g.oid) AS written,
  ARRAY(SELECT p.name FROM g, (VALUES ('USAGE'), ('CREATE')) AS p(name) WHERE has_schema_privilege(g.oid, n.oid, p.name)) AS effective,
  ARRAY(SELECT p.name FROM (VALUES ('USAGE'), ('CREATE')) AS p(name)
    WHERE has_schema_privilege(n.oid, p.name || ' WITH GRANT OPTION')) AS grantable
FROM pg_namespace n WHERE ${userSchema} AND ${notOfExtension("pg_namespace", "n.oid")}
ORDER BY n.nspname`;

const databaseQuery = `
WITH g AS (SELECT oid FROM pg_roles WHERE rolname = $1)
SELECT d.oid, d.datname AS name,
  ARRAY(SELECT a.privilege_type FROM aclexplode(d.datacl) a, g WHERE a.grantee = g.oid) AS written,
  ARRAY(SELECT 'CONNECT' FROM g WHERE has_database_privilege(g.oid, d.oid, 'CONNECT')) AS effective,
  ARRAY(SELECT 'CONNECT' WHERE has_database_privilege(d.oid, 'CONNECT WITH GRANT OPTION')) AS grantable
FROM pg_database d WHERE d.datname = current_database()`;
