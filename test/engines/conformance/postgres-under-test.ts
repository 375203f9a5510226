import { postgres } from "@daypass/databases/postgres/engine.ts";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { identifier, literal } from "@daypass/databases/postgres/quote.ts";
import { postgresNames } from "../hostile-names.ts";
import { administrator, buildWorld, type World } from "../postgres-world.ts";
import { dropNamed, leaveBehind, makeNamed, restoreNamed } from "./named-postgres.ts";
import { codeOf, NoLogin } from "./no-login.ts";
import type { Refusal, Start, Words } from "./server-under-test.ts";

/** PostgreSQL of the version in `DAYPASS_POSTGRES_VERSION`, else of `npm start`. */
export const startPostgresUnderTest: Start = async ({ connectionSlots } = {}) => {
  const world = await buildWorld(
    connectionSlots === undefined ? {} : { max_connections: String(connectionSlots) },
  );
  const { server, target } = world;
  return {
    engine: postgres,
    target,
    otherTarget: { ...target, stack: "other" },
    words,
    plan: (changes) => world.plan(changes),
    async connect(login, database) {
      const client = await world.connect(login, database).catch((error: unknown) => {
        throw ["28P01", "28000", "42501"].includes(String(codeOf(error))) ? new NoLogin(error) : error;
      });
      return {
        run: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
        end: () => client.end(),
      };
    },
    byHand: (...statements) => world.byHand("shop", ...statements),
    makeDatabase: (name) => makeDatabase(world, name),
    hostileNames: postgresNames,
    makeNamed: (named) => makeNamed(world, named),
    restoreNamed: (named) => restoreNamed(world, named),
    dropNamed: (named) => dropNamed(world, named),
    refusalOf,
    leftOf: async ({ name, serverId }) => {
      const [left = {}] = await world.byHand(
        "shop",
        `SELECT (SELECT count(*) FROM pg_roles WHERE rolname = ${literal(name)} OR oid = ${serverId}) AS roles,
           (SELECT count(*) FROM pg_stat_activity WHERE usesysid = ${serverId}) AS sessions,
           (SELECT count(*) FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = ${serverId}) AS dependencies,
           (SELECT count(*) FROM pg_auth_members WHERE member = ${serverId} OR roleid = ${serverId}) AS memberships,
           (SELECT count(*) FROM pg_prepared_xacts WHERE owner = ${literal(name)}) AS prepared`,
      );
      return left;
    },
    log: () => server.log(),
    stop: () => server.stop(),
    start: () => server.start(),
    encrypt: (certificateFile, keyFile) => server.encrypt(certificateFile, keyFile),
    remove: () => world.remove(),
  };
};

const words: Words = {
  name: "PostgreSQL",
  closesWithinMs: 1_000,
  keepsAccountsEncrypted: false,
  schemaOf: () => "public",
  quote: identifier,
  scopeOfDdl: () => ({ kind: "database" }),
  ddlTables: () => undefined,
  leaveBehind,
  asApplication: ["SET ROLE app_owner"],
  sleep: "SELECT pg_sleep(600)",
  setOwnPassword: (password) => `ALTER ROLE CURRENT_USER PASSWORD ${literal(password)}`,
  createStranger: (name) => [
    `CREATE ROLE ${identifier(name)} LOGIN PASSWORD 'theirs-and-long-enough'`,
    `GRANT CONNECT ON DATABASE shop TO ${identifier(name)}`,
  ],
  dropByHand: (name) => [`DROP OWNED BY ${identifier(name)}`, `DROP ROLE ${identifier(name)}`],
  renameByHand: (from, to) => [`ALTER ROLE ${identifier(from)} RENAME TO ${identifier(to)}`],
  widenByHand: (name) => [`GRANT app_owner TO ${identifier(name)}`],
  disarm: ["ALTER ROLE daypass_admin NOCREATEROLE"],
  arm: ["ALTER ROLE daypass_admin CREATEROLE"],
  neverAllowed: [
    "TRUNCATE orders",
    "DROP TABLE customers",
    "ALTER TABLE customers ADD COLUMN x int",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE friend",
    "CREATE DATABASE mine",
    "CREATE TRIGGER t BEFORE INSERT ON customers EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SET ROLE daypass_admin",
    "SET ROLE app_owner",
    "SET ROLE daypass_keeper_test",
    "GRANT pg_read_all_data TO CURRENT_USER",
    "COPY customers TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'",
    "ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000",
  ],
  similarTo: (name) => [`${name}x`, name.toUpperCase(), `dpx${name.slice(3)}`],
};

async function makeDatabase(world: World, name: string): Promise<void> {
  await world.byHand("postgres", `CREATE DATABASE ${identifier(name)} OWNER app_owner`);
  await world.byHand(
    name,
    "SET ROLE app_owner",
    "CREATE TABLE things (id int)",
    "INSERT INTO things VALUES (1)",
  );
  const steps = installStatements({
    administrator: administrator.username,
    databases: [{ name, owner: "app_owner", schemas: ["public"], level: "ddl" }],
  });
  for (const { database, sql } of steps) if (database === name) await world.byHand(name, sql);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof NoLogin) return "login";
  const code = codeOf(error);
  if (code === "42501") return "right";
  const isOver = ["57P01", "ECONNRESET", "EPIPE"].includes(String(code));
  return isOver || (error instanceof Error && /Connection terminated|not queryable/.test(error.message))
    ? "ended"
    : "other";
}
