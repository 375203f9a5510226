import type { Cell } from "../cell.ts";
import type { OpenSession } from "../database/database-server.ts";
import type { Promised } from "../guarantee.ts";
import { liveThrough, type Scenario, type Stage } from "../live-through.ts";
import { loggedIn } from "../witness.ts";
import { pestering } from "./pestering.ts";

/** The holder of a PostgreSQL account does everything to stay, or somebody else does something to the account by hand. */
export const hostilePostgres: readonly Cell[] = [
  cell("owns objects of every kind in two databases", ["G1", "G2", "G3"], true, {
    level: "ddl",
    whileActive: async (stage) => {
      await act(stage, ownThings);
      const { server, account } = stage;
      await server.byHand(
        "payroll",
        "SET ROLE daypass_admin",
        `GRANT CONNECT ON DATABASE payroll TO "${account.name}"`,
        `GRANT USAGE, CREATE ON SCHEMA public TO "${account.name}"`,
      );
      const session = await another(stage, "payroll");
      await session.run("CREATE TABLE public.copied AS SELECT 1 AS id");
    },
    after: async ({ server }) => {
      await server.byHand("shop", dropKept);
      await server.byHand("payroll", dropKept);
      return [];
    },
  }),
  cell("in open, idle and prepared transactions, with every kind of lock", ["G1", "G2", "G3"], true, {
    level: "write",
    whileActive: async (stage) => {
      for (const statements of openTransactions) await (await another(stage)).all(statements);
      const busy = await another(stage);
      void busy.run("SELECT pg_sleep(600)").catch(() => undefined);
    },
  }),
  cell("large objects, temporary tables, default privileges", ["G1", "G2", "G3"], false, {
    level: "ddl",
    whileActive: async (stage) => {
      await stage.server.byHand("shop", "GRANT TEMPORARY ON DATABASE shop TO PUBLIC");
      await act(stage, [
        "SELECT lo_from_bytea(0, 'kept')",
        "CREATE TEMP TABLE scratch (id int)",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_owner",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA crm GRANT ALL ON TABLES TO PUBLIC",
      ]);
    },
  }),
  cell("changed its own password and settings", ["G1", "G2", "G3"], true, {
    whileActive: async (stage) => {
      await act(stage, [
        "ALTER ROLE CURRENT_USER PASSWORD 'its-own-password'",
        "ALTER ROLE CURRENT_USER SET statement_timeout = 0",
        "ALTER ROLE CURRENT_USER IN DATABASE shop SET search_path = crm",
      ]);
      stage.passwords.push("its-own-password");
      await stage.server.login(stage.account.name, "its-own-password");
    },
  }),
  cell("twelve clients reconnect for as long as they can, ended early", ["G2", "G3"], true, {
    leadMs: 60_000,
    whileActive: async (stage) => {
      stage.cleanUp = pestering(stage, 12);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await stage.house.end(stage.id);
    },
    after: async ({ cleanUp }) => {
      await cleanUp();
      return [];
    },
  }),
  cell("was given memberships, and to others, by hand", ["G1", "G2", "G3"], false, {
    whileActive: async ({ server, account }) => {
      await server.byHand(
        "postgres",
        "CREATE ROLE friend",
        "CREATE ROLE follower",
        `GRANT "${account.name}" TO follower`,
        `GRANT friend TO "${account.name}"`,
      );
    },
    after: async ({ server }) => {
      await server.byHand("postgres", "DROP ROLE friend", "DROP ROLE follower");
      return [];
    },
  }),
  cell("was dropped by hand; its sessions live on", ["G1", "G2", "G3"], true, {
    whileActive: async ({ server, account }) => {
      await server.byHand("shop", `DROP OWNED BY "${account.name}"`, `DROP ROLE "${account.name}"`);
    },
    isClosedEarly: true,
  }),
  cell("was renamed by hand, and given back its name 10 minutes later", ["G1", "G4"], false, {
    whileActive: async ({ server, account }) => {
      await server.byHand("postgres", `ALTER ROLE "${account.name}" RENAME TO elsewhere`);
    },
    atEnd: (stage) =>
      blocked(stage, async () => {
        await stage.server.byHand("postgres", `ALTER ROLE elsewhere RENAME TO "${stage.account.name}"`);
      }),
    isClosedEarly: true,
  }),
  cell("was made a superuser by hand for 10 minutes more", ["G1", "G4"], false, {
    whileActive: async ({ server, account }) => {
      await server.byHand("postgres", `ALTER ROLE "${account.name}" SUPERUSER`);
    },
    atEnd: (stage) =>
      blocked(stage, async () => {
        await stage.server.byHand("postgres", `ALTER ROLE "${stage.account.name}" NOSUPERUSER`);
      }),
  }),
  cell("was given a right that only somebody else can take back", ["G1", "G2", "G3"], true, {
    whileActive: async ({ server, account }) => {
      await server.byHand(
        "shop",
        "CREATE TABLE of_root (id int)",
        `GRANT SELECT ON of_root TO "${account.name}"`,
      );
    },
    until: "quarantined",
    after: async (stage) => {
      const { house, id, server } = stage;
      const { failure, state } = await house.grant(id);
      const named = failure?.blockers.some((blocker) => blocker.includes("of_root"));
      await server.byHand("shop", "DROP TABLE of_root");
      await house.waitFor(
        "it is dropped once the way is free",
        async () => (await house.grant(id)).state === "revoked",
        {
          stepMs: 10_000,
        },
      );
      return named ? [] : [`G6: it is ${state} and does not name what stands in the way`];
    },
  }),
  cell("somebody holds a lock on what it owns for 10 minutes", ["G1", "G4"], false, {
    level: "ddl",
    whileActive: async (stage) => {
      await act(stage, ["CREATE TABLE locked (id int)", "GRANT SELECT ON locked TO app_owner"]);
      const holder = await loggedIn(stage.server, "app_owner", "owner-password-of-tests");
      await holder.run("BEGIN");
      await holder.run("LOCK TABLE locked IN ACCESS SHARE MODE");
      stage.cleanUp = () => holder.close();
    },
    atEnd: (stage) => blocked(stage, () => stage.cleanUp()),
    after: async ({ server }) => {
      await server.byHand("shop", dropKept);
      return [];
    },
  }),
  cell("shares what it copied and created with everybody", ["G1", "G2", "G3"], true, {
    level: "ddl",
    whileActive: (stage) => act(stage, sharedThings),
    after: async ({ server }) => {
      const reachable = await server.byHand("shop", reachableQuery);
      await server.byHand("shop", dropKept);
      return reachable.map(({ what }) => `G6: revoked, but others still reach ${String(what)}`);
    },
  }),
  cell("left more tables than the server has locks for", ["G1", "G2"], false, {
    level: "ddl",
    whileActive: async (stage) => {
      for (let start = 0; start < 12_000; start += 500) {
        await act(stage, [
          `DO $$ BEGIN FOR n IN ${start}..${start + 499} LOOP EXECUTE format('CREATE TABLE crm.many_%s (id int)', n); END LOOP; END $$`,
        ]);
      }
    },
    leadMs: 60_000,
  }),
];

const ownThings = [
  "CREATE TABLE report AS SELECT * FROM customers",
  "CREATE INDEX ON report (id)",
  "CREATE VIEW peek AS SELECT * FROM customers",
  "CREATE SEQUENCE crm.numbers",
  "CREATE TYPE mood AS ENUM ('good')",
  "CREATE FUNCTION steal() RETURNS SETOF customers LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM customers'",
  "GRANT SELECT ON report, peek TO PUBLIC",
  "GRANT SELECT (email) ON report TO app_owner WITH GRANT OPTION",
];
const dropKept = "DROP OWNED BY daypass_keeper_test CASCADE";
const sharedThings = [
  "SELECT lo_from_bytea(0, '4111 1111 1111 1111')",
  `DO $$ DECLARE o oid; BEGIN FOR o IN SELECT oid FROM pg_largeobject_metadata WHERE lomowner = current_user::regrole LOOP
    EXECUTE format('GRANT ALL ON LARGE OBJECT %s TO PUBLIC, app_owner', o); END LOOP; END $$`,
  "CREATE TABLE crm.copied AS SELECT * FROM customers",
  "CREATE FUNCTION public.lower(character varying) RETURNS text LANGUAGE sql AS $$ SELECT 'ran as ' || current_user $$",
  "CREATE FUNCTION crm.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
  "CREATE TRIGGER fires BEFORE INSERT ON crm.copied FOR EACH ROW EXECUTE FUNCTION crm.fires()",
  "CREATE TYPE crm.kind AS ENUM ('a')",
  "CREATE DOMAIN crm.checked AS text CHECK (length(value) > 0)",
  "CREATE TEXT SEARCH CONFIGURATION crm.words (COPY = simple)",
  "GRANT ALL ON crm.copied TO PUBLIC",
  "GRANT SELECT (email) ON crm.copied TO app_owner WITH GRANT OPTION",
  "GRANT USAGE ON TYPE crm.kind TO app_owner",
];
/** What of the keeper's others have rights on, by name or by number, and what runs when they use it. */
const reachableQuery = `
WITH k AS (SELECT 'daypass_keeper_test'::regrole::oid AS oid), owned AS (
  SELECT 'relation ' || c.oid::regclass AS what, c.relacl AS acl FROM pg_class c, k WHERE c.relowner = k.oid
  UNION ALL SELECT 'column ' || t.attname, t.attacl FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, k WHERE c.relowner = k.oid
  UNION ALL SELECT 'routine ' || p.oid::regprocedure, coalesce(p.proacl, acldefault('f', p.proowner)) FROM pg_proc p, k WHERE p.proowner = k.oid
  UNION ALL SELECT 'type ' || t.oid::regtype, coalesce(t.typacl, acldefault('T', t.typowner)) FROM pg_type t, k
    WHERE t.typowner = k.oid AND t.typcategory <> 'A' AND t.typtype <> 'm'
  UNION ALL SELECT 'large object ' || l.oid, l.lomacl FROM pg_largeobject_metadata l, k WHERE l.lomowner = k.oid)
SELECT DISTINCT what FROM owned, k, aclexplode(acl) a WHERE a.grantee <> k.oid
UNION ALL SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid, k WHERE c.relowner = k.oid AND NOT t.tgisinternal
ORDER BY 1`;
const openTransactions = [
  ["BEGIN", "UPDATE customers SET note = 'never' WHERE id = 1"],
  ["BEGIN", "DECLARE rows CURSOR FOR SELECT * FROM customers", "FETCH 1 FROM rows"],
  ["SELECT pg_advisory_lock(1), pg_advisory_lock(hashtext('rights'))", "LISTEN anything"],
  ["BEGIN", "LOCK TABLE orders IN ROW EXCLUSIVE MODE"],
  ["BEGIN", "UPDATE customers SET note = 'prepared' WHERE id = 2", "PREPARE TRANSACTION 'it''s \\ odd'"],
];

function cell(fault: string, promises: readonly Promised[], isShort: boolean, scenario: Scenario): Cell {
  return {
    group: "hostile",
    layer: "all",
    fault: `the account ${fault}`.replace("the account somebody", "somebody"),
    promises: scenario.isClosedEarly ? [...promises, "G6"] : [...promises, "G6", "G7"],
    isShort,
    engines: ["postgres"],
    run: (server) => liveThrough(server, scenario),
  };
}

async function act({ sessions }: Stage, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sessions[0]?.run(statement);
}

async function another({ server, account, password, sessions }: Stage, database?: string) {
  const session: OpenSession = await loggedIn(server, account.name, password, database);
  sessions.push(session);
  return {
    run: (statement: string) => session.run(statement),
    all: async (statements: readonly string[]) => {
      for (const statement of statements) await session.run(statement);
    },
  };
}

/** Ten minutes in which it cannot be dropped and says why, then what stood in the way goes. */
async function blocked(stage: Stage, repair: () => Promise<void>) {
  const { house, id, problems } = stage;
  await house.pass(600_000, 10_000);
  const { state, failure } = await house.grant(id);
  if (state === "revoked" || !failure) problems.push(`G6: it is ${state}, and nothing says why`);
  await repair();
  return { from: "the fault is over" as const, ms: house.clock.nowMs() };
}
