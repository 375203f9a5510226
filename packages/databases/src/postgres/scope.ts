import { z } from "zod";
import { EngineError, type Scope } from "../engine.ts";
import type { Session } from "./connection.ts";
import type { GroupRight, ScopeIdentity } from "./names.ts";
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

/** The schemas and tables that the names of a scope mean now; later steps go by these, whatever is renamed meanwhile. */
export async function findScope(session: Session, scope: Scope): Promise<ScopeIdentity> {
  if (scope.kind === "database") return scope;
  const named = await session.rows(namedRow, namedQuery, [
    scope.objects.map((object) => object.schema),
    scope.objects.map((object) => object.table ?? null),
  ]);
  return {
    kind: "objects",
    objects: named.map(({ schema, table, schemaOid, tableOid }) => {
      if (schemaOid === null)
        throw new EngineError("invalid", `there is no schema ${schema} in this database`);
      if (table !== null && tableOid === null)
        throw new EngineError("invalid", `there is no table ${schema}.${table}`);
      return { schema: schemaOid, table: tableOid };
    }),
  };
}

/** Everything in the database that the group has a right on or should have one on. */
export async function resolveScope(
  session: Session,
  scope: ScopeIdentity,
  right: GroupRight,
  group: string,
  keeper: string,
): Promise<ScopedObject[]> {
  const relations = await session.rows(relationRow, relationQuery, [group, keeper]);
  const namespaces = await session.rows(schemaRow, schemaQuery, [group]);
  const databases = await session.rows(schemaRow, databaseQuery, [group]);
  const picked = pick(scope, relations, namespaces);
  const objects: ScopedObject[] = [];
  for (const { kind, uses, schemaOid, ...relation } of relations) {
    const isSequence = kind === "S";
    const inScope = isSequence
      ? picked.schemas.has(schemaOid) || uses.some((table) => picked.tables.has(table))
      : picked.tables.has(relation.oid);
    const wanted = inScope && !relation.leftover ? relationRights(kind, right) : [];
    objects.push(object(isSequence ? "sequence" : "table", relation, wanted));
  }
  const usedSchemas = new Set(
    relations.filter((one) => picked.tables.has(one.oid)).map((one) => one.schemaOid),
  );
  for (const namespace of namespaces) {
    const inScope = picked.schemas.has(namespace.oid) || usedSchemas.has(namespace.oid);
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
  scope: ScopeIdentity,
  relations: readonly z.infer<typeof relationRow>[],
  namespaces: readonly z.infer<typeof schemaRow>[],
): { tables: Set<number>; schemas: Set<number> } {
  const tables = relations.filter((one) => one.kind !== "S");
  if (scope.kind === "database") {
    return {
      tables: new Set(tables.map((one) => one.oid)),
      schemas: new Set(namespaces.map((one) => one.oid)),
    };
  }
  const picked = { tables: new Set<number>(), schemas: new Set<number>() };
  for (const { schema, table } of scope.objects) {
    if (table === null) picked.schemas.add(schema);
    const found = tables.filter((one) => (table === null ? one.schemaOid === schema : one.oid === table));
    const isThere = table === null ? namespaces.some((one) => one.oid === schema) : found.length > 0;
    if (!isThere) throw new EngineError("conflict", "a schema or table in scope was dropped meanwhile");
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
const namedRow = z.strictObject({
  schema: z.string(),
  table: z.string().nullable(),
  schemaOid: z.number().nullable(),
  tableOid: z.number().nullable(),
});
const relationRow = z.strictObject({
  oid: z.number(),
  schemaOid: z.number(),
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

// As text: a cast to the type name would cut what is too long to be a name.
const namedQuery = `
SELECT o.schema, o."table", n.oid AS "schemaOid", c.oid AS "tableOid"
FROM unnest($1::text[], $2::text[]) AS o(schema, "table")
  LEFT JOIN pg_namespace n ON n.nspname::text = o.schema AND ${userSchema} AND ${notOfExtension("pg_namespace", "n.oid")}
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname::text = o."table" AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND c.relpersistence <> 't' AND ${relationNotOfExtension}`;

// What a temporary account or the keeper owns is never in scope: it is a copy that nobody classified.
const relationQuery = `
WITH g AS (SELECT oid FROM pg_roles WHERE rolname = $1)
SELECT c.oid, n.oid AS "schemaOid", n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
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
