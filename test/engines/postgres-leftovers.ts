import { expect } from "vitest";
import type { World } from "./postgres-world.ts";

const keeper = "daypass_keeper_test";

/**
 * Asks the server, as its superuser, for every way that leads to what accounts left in a database: rights of anyone
 * but the keeper, and code that runs for whoever uses it. The catalogs with rights and owners are the server's own
 * list, so that a kind of object that a later version brings is asked for too.
 */
export async function waysToLeftovers(world: World, database: string): Promise<string[]> {
  const rights = await catalogsWithRights(world);
  const owners = await catalogsWithOwners(world);
  const ways: string[] = [];
  for (const { catalog, column: owner } of owners) {
    const isLocal = !["pg_database", "pg_tablespace", "pg_subscription"].includes(catalog);
    if (!isLocal) continue;
    const mayStay = stayers.includes(catalog);
    if (!mayStay) {
      const [found] = await world.byHand(
        database,
        `SELECT count(*)::int AS left FROM ${catalog} WHERE ${owner} = '${keeper}'::regrole OR ${owner}::regrole::text LIKE 'dp\\_%'`,
      );
      if (found?.["left"] !== 0) ways.push(`${String(found?.["left"])} objects of ${catalog} are left`);
    }
    const acl = rights.find((one) => one.catalog === catalog)?.column;
    if (acl === undefined) continue;
    const initial = initialRights[catalog];
    const list = initial === undefined ? acl : `coalesce(${acl}, acldefault('${initial}', ${owner}))`;
    const open = await world.byHand(
      database,
      `SELECT x.oid::text AS oid, a.grantee::regrole::text AS grantee, a.privilege_type AS privilege FROM ${catalog} x, aclexplode(${list}) a
       WHERE ${owner} = '${keeper}'::regrole AND a.grantee <> '${keeper}'::regrole
         ${catalog === "pg_type" ? "AND typcategory <> 'A' AND typtype NOT IN ('m', 'p')" : ""}`,
    );
    ways.push(
      ...open.map(
        (one) =>
          `${String(one["privilege"])} of ${String(one["grantee"])} on ${catalog} ${String(one["oid"])}`,
      ),
    );
  }
  for (const [what, query] of Object.entries(codeQueries)) {
    const found = await world.byHand(database, query.replaceAll("$keeper", `'${keeper}'::regrole`));
    ways.push(...found.map((one) => `${what} ${Object.values(one).map(String).join(" ")}`));
  }
  return ways;
}

export async function catalogsWithRights(world: World): Promise<{ catalog: string; column: string }[]> {
  return columns(
    world,
    `SELECT c.relname::text AS catalog, a.attname::text AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.atttypid = 'aclitem[]'::regtype AND c.relkind = 'r' AND c.relnamespace = 'pg_catalog'::regnamespace ORDER BY 1`,
  );
}

/** Every catalog column that refers to a role, as the server declares it. */
export async function catalogsWithRoles(world: World): Promise<{ catalog: string; column: string }[]> {
  return columns(
    world,
    `SELECT fktable::text AS catalog, fkcols[1] AS column FROM pg_get_catalog_foreign_keys()
     WHERE pktable = 'pg_authid'::regclass ORDER BY 1, 2`,
  );
}

export async function catalogsWithOwners(world: World): Promise<{ catalog: string; column: string }[]> {
  return (await catalogsWithRoles(world)).filter(({ column }) => /(owner|datdba)$/.test(column));
}

async function columns(world: World, query: string): Promise<{ catalog: string; column: string }[]> {
  const rows = await world.byHand("shop", query);
  expect(rows.length).toBeGreaterThan(5);
  return rows.map((row) => ({ catalog: String(row["catalog"]), column: String(row["column"]) }));
}

/** Rows, and what other people's objects depend on; everything else is dropped. */
const stayers = [
  "pg_class",
  "pg_type",
  "pg_proc",
  "pg_operator",
  "pg_collation",
  "pg_namespace",
  "pg_extension",
  "pg_foreign_server",
  "pg_ts_dict",
  "pg_ts_config",
];

const initialRights: Readonly<Record<string, string>> = { pg_proc: "f", pg_type: "T", pg_language: "l" };

const codeQueries: Readonly<Record<string, string>> = {
  trigger:
    "SELECT tgname, tgrelid::regclass FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.relowner = $keeper",
  rule: "SELECT rulename, ev_class::regclass FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class WHERE ev_type <> '1' AND c.relowner = $keeper",
  policy:
    "SELECT polname, polrelid::regclass FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE c.relowner = $keeper",
  expression: `SELECT adrelid::regclass, pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_class c ON c.oid = adrelid
    WHERE c.relowner = $keeper AND pg_get_expr(adbin, adrelid) !~ '^NULL::'`,
  constraint:
    "SELECT conname, conrelid::regclass FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE contype IN ('c', 'f', 'x') AND c.relowner = $keeper",
  "check of domain":
    "SELECT conname, contypid::regtype FROM pg_constraint JOIN pg_type t ON t.oid = contypid WHERE contype = 'c' AND t.typowner = $keeper",
  "default of domain":
    "SELECT typname, typdefault FROM pg_type WHERE typdefault IS NOT NULL AND typowner = $keeper",
  index:
    "SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE (indexprs IS NOT NULL OR indpred IS NOT NULL) AND c.relowner = $keeper",
  cast: `SELECT castsource::regtype, casttarget::regtype FROM pg_cast k JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
    WHERE $keeper IN (s.typowner, t.typowner) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i')`,
  transform:
    "SELECT trftype::regtype FROM pg_transform JOIN pg_type t ON t.oid = trftype WHERE t.typowner = $keeper",
  view: `SELECT oid::regclass, pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relowner = $keeper AND pg_get_viewdef(oid) !~ 'WHERE false;$'`,
  function:
    "SELECT oid::regprocedure, prosrc FROM pg_proc WHERE proowner = $keeper AND prokind <> 'a' AND (prosecdef OR prosrc !~ 'left behind')",
  default: `SELECT oid::regprocedure, pg_get_function_arguments(oid) FROM pg_proc
    WHERE proowner = $keeper AND pronargdefaults > 0 AND regexp_replace(pg_get_function_arguments(oid), 'DEFAULT NULL::', '', 'g') ~ 'DEFAULT'`,
  name: `SELECT 'of relation', relname FROM pg_class c WHERE relowner = $keeper AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname NOT LIKE 'daypass\\_left\\_%'
    UNION ALL SELECT 'of routine', proname FROM pg_proc p WHERE proowner = $keeper AND proname NOT LIKE 'daypass\\_left\\_%'`,
  "large object": "SELECT oid FROM pg_largeobject_metadata WHERE lomowner = $keeper",
};
