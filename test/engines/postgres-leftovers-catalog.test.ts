import { rightsCatalogs, rightsOfDropOwned } from "@daypass/databases/postgres/rights-catalogs.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogsWithRights, catalogsWithRoles } from "./postgres-leftovers.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

test("every catalog of this version that holds rights is one whose rights we revoke", async () => {
  const ours = [
    ...rightsCatalogs.map(({ catalog, acl }) => `${catalog}.${acl}`),
    ...rightsOfDropOwned,
  ].toSorted();
  const dropOwned = new Set<string>(rightsOfDropOwned);
  const theirs = await catalogsWithRights(world);
  expect(
    theirs
      .map(({ catalog, column }) => (dropOwned.has(catalog) ? catalog : `${catalog}.${column}`))
      .toSorted(),
  ).toEqual(ours);
});

test("every catalog column of this version that names a role has an answer to what becomes of it", async () => {
  const known: Readonly<Record<string, string>> = {
    "pg_auth_members.grantor": "membership",
    "pg_auth_members.member": "membership",
    "pg_auth_members.roleid": "membership",
    "pg_class.relowner": "leftovers",
    "pg_collation.collowner": "leftovers",
    "pg_conversion.conowner": "leftovers",
    "pg_database.datdba": "keeper",
    "pg_db_role_setting.setrole": "DROP ROLE",
    "pg_default_acl.defaclrole": "DROP OWNED",
    "pg_event_trigger.evtowner": "leftovers",
    "pg_extension.extowner": "leftovers",
    "pg_foreign_data_wrapper.fdwowner": "leftovers",
    "pg_foreign_server.srvowner": "leftovers",
    "pg_language.lanowner": "leftovers",
    "pg_largeobject_metadata.lomowner": "leftovers",
    "pg_namespace.nspowner": "leftovers",
    "pg_opclass.opcowner": "leftovers",
    "pg_operator.oprowner": "leftovers",
    "pg_opfamily.opfowner": "leftovers",
    "pg_policy.polroles": "DROP OWNED",
    "pg_proc.proowner": "leftovers",
    "pg_publication.pubowner": "leftovers",
    "pg_statistic_ext.stxowner": "leftovers",
    "pg_subscription.subowner": "leftovers",
    "pg_tablespace.spcowner": "keeper",
    "pg_ts_config.cfgowner": "leftovers",
    "pg_ts_dict.dictowner": "leftovers",
    "pg_type.typowner": "leftovers",
    "pg_user_mapping.umuser": "DROP OWNED",
  };
  const columns = await catalogsWithRoles(world);
  expect(columns.map(({ catalog, column }) => `${catalog}.${column}`).toSorted()).toEqual(
    Object.keys(known).toSorted(),
  );
});

test("every catalog of this version whose objects run code for others is one that we look through", async () => {
  // Expressions and code are of these types; a new column of one of them is a new way to leave code behind.
  const columns = await world.byHand(
    "shop",
    `SELECT c.relname || '.' || a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relkind = 'r' AND c.relnamespace = 'pg_catalog'::regnamespace AND NOT a.attisdropped
       AND (a.atttypid = 'pg_node_tree'::regtype OR a.attname IN ('prosrc', 'probin', 'srvoptions')) ORDER BY 1`,
  );
  expect(columns.map((row) => row["column"])).toEqual([
    "pg_attrdef.adbin", // defaults and computed columns: dropped
    "pg_class.relpartbound", // constants
    "pg_constraint.conbin", // checks: dropped
    "pg_foreign_server.srvoptions", // no code
    "pg_index.indexprs", // dropped
    "pg_index.indpred", // dropped
    "pg_partitioned_table.partexprs", // only immutable functions, which are emptied
    "pg_policy.polqual", // dropped
    "pg_policy.polwithcheck", // dropped
    "pg_proc.proargdefaults", // emptied
    "pg_proc.probin", // only superusers
    "pg_proc.prosqlbody", // emptied
    "pg_proc.prosrc", // emptied
    "pg_publication_rel.prqual", // dropped with the publication
    "pg_rewrite.ev_action", // rules: dropped; views: emptied
    "pg_rewrite.ev_qual", // dropped
    "pg_statistic_ext.stxexprs", // dropped
    "pg_trigger.tgqual", // dropped
    "pg_type.typdefaultbin", // dropped
  ]);
});
