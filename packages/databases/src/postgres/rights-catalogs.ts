/**
 * Where one kind of object keeps its access list. `keyword` and `name` are what REVOKE calls the object; `initial` is
 * the letter by which acldefault() knows what the kind gives away by itself. All but `catalog` and `acl` are SQL.
 */
export type RightsCatalog = {
  catalog: string;
  acl: string;
  classId: string;
  from: string;
  objectId: string;
  owner: string;
  keyword: string;
  name: string;
  initial: string;
};

/** Every catalog with access lists on which REVOKE works; a test compares them with those of each server version. */
export const rightsCatalogs: readonly RightsCatalog[] = [
  relation({ catalog: "pg_class", acl: "relacl", from: "pg_class c" }),
  relation({
    catalog: "pg_attribute",
    acl: "attacl",
    from: "pg_attribute t JOIN pg_class c ON c.oid = t.attrelid AND t.attacl IS NOT NULL",
  }),
  simple("pg_proc", "pro", "ROUTINE", "f", { name: "x.oid::regprocedure::text" }),
  simple("pg_type", "typ", "TYPE", "T", {
    name: "(SELECT format('%I.%I', n.nspname, x.typname) FROM pg_namespace n WHERE n.oid = x.typnamespace)",
    // Arrays and multiranges have no rights of their own.
    from: "(SELECT * FROM pg_type WHERE typcategory <> 'A' AND typtype NOT IN ('m', 'p')) x",
  }),
  simple("pg_namespace", "nsp", "SCHEMA", "n"),
  simple("pg_language", "lan", "LANGUAGE", "l"),
  simple("pg_largeobject_metadata", "lom", "LARGE OBJECT", "L", {
    name: "x.oid::text",
    classId: "'pg_largeobject'::regclass",
  }),
  simple("pg_foreign_data_wrapper", "fdw", "FOREIGN DATA WRAPPER", "F"),
  simple("pg_foreign_server", "srv", "FOREIGN SERVER", "S"),
  simple("pg_database", "dat", "DATABASE", "d", { owner: "x.datdba" }),
  simple("pg_tablespace", "spc", "TABLESPACE", "t"),
  simple("pg_parameter_acl", "par", "PARAMETER", "p", {
    owner: "10::oid",
    name: "(SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(x.parname, '.')) part)",
  }),
];

/**
 * Catalogs with access lists that DROP OWNED cleans without asking for rights on the object: what a role gives away
 * by default, and what an extension gave when it was created.
 */
export const rightsOfDropOwned = ["pg_default_acl", "pg_init_privs"] as const;

/**
 * What REVOKE has to know of the object `s.classid`, `s.objid`, and of its columns: owner, keyword, name, acl and
 * initial. A lookup by number in the one catalog that it is in, however many objects there are.
 */
export const objectWithRights = rightsCatalogs
  .map(
    (one) => `SELECT ${one.owner} AS owner, ${one.keyword} AS keyword, ${one.name} AS name, ${one.acl} AS acl,
      acldefault(${one.initial}, ${one.owner}) AS initial
    FROM ${one.from} WHERE s.classid = ${one.classId} AND ${one.objectId} = s.objid`,
  )
  .join("\nUNION ALL\n");

function relation(part: Pick<RightsCatalog, "catalog" | "acl" | "from">): RightsCatalog {
  return {
    ...part,
    classId: "'pg_class'::regclass",
    objectId: "c.oid",
    owner: "c.relowner",
    keyword: "CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END",
    name: "(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_namespace n WHERE n.oid = c.relnamespace)",
    initial: `CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END`,
  };
}

function simple(
  catalog: string,
  prefix: string,
  keyword: string,
  initial: string,
  changes: Partial<RightsCatalog> = {},
): RightsCatalog {
  return {
    catalog,
    acl: `${prefix}acl`,
    classId: `'${catalog}'::regclass`,
    from: `${catalog} x`,
    objectId: "x.oid",
    owner: `x.${prefix}owner`,
    keyword: `'${keyword}'`,
    name: `quote_ident(x.${prefix}name)`,
    initial: `'${initial}'`,
    ...changes,
  };
}
