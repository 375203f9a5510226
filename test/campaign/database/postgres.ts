import { rmSync } from "node:fs";
import type pg from "pg";
import { administrator, buildWorld, type World } from "../../engines/postgres-world.ts";
import { copyFolder } from "./copy-folder.ts";
import { crowd } from "./crowd.ts";
import type { AccountOnServer, DatabaseServer, OpenSession } from "./database-server.ts";

/** PostgreSQL from the npm package, or the one that `DAYPASS_POSTGRES_PACKAGE` names. */
export async function startPostgresServer(): Promise<DatabaseServer> {
  const world = await buildWorld({ max_connections: "250" });
  const { server } = world;
  let { password } = administrator;
  let rotations = 0;
  const watch = watcher(world);
  const one = async (text: string, values: unknown[]): Promise<Record<string, unknown>> =>
    (await watch.query(text, values))[0] ?? {};
  return {
    engine: "postgres",
    version: `PostgreSQL ${server.majorVersion}`,
    database: "shop",
    secret: () => ({
      engine: "postgres",
      host: server.host,
      port: server.port,
      dbname: "postgres",
      username: administrator.username,
      password,
    }),
    async stop() {
      await watch.close();
      await server.stop();
    },
    start: () => server.start(),
    byHand: (database, ...statements) => world.byHand(database, ...statements),
    async login(name, secret, database = "shop") {
      try {
        return sessionOf(await world.connect({ username: name, password: secret }, database));
      } catch (error) {
        // Password wrong, expired or gone; no login, or no connection for this role; no right to the database.
        if (["28P01", "28000", "42501"].includes(String((error as { code?: unknown }).code)))
          return "refused";
        throw error;
      }
    },
    async hasAccount(account) {
      const row = await one(
        "SELECT count(*)::int AS found FROM pg_roles WHERE rolname = $1 OR oid = $2",
        keysOf(account),
      );
      return row["found"] !== 0;
    },
    async countSessions(account) {
      const row = await one(
        "SELECT count(*)::int AS found FROM pg_stat_activity WHERE usename = $1 OR usesysid = $2",
        keysOf(account),
      );
      return Number(row["found"]);
    },
    async leftovers(account) {
      const rows = await watch.query(leftoversQuery, keysOf(account));
      return rows.map((row) => String(row["what"]));
    },
    withoutSwitch: async ({ name }) => {
      await world.byHand("postgres", `ALTER ROLE "${name}" VALID UNTIL 'infinity'`);
    },
    async rotate() {
      rotations += 1;
      password = `admin-password-number-${rotations}`;
      await world.byHand("postgres", `ALTER ROLE ${administrator.username} PASSWORD '${password}'`);
    },
    withdrawRights: async () => {
      await world.byHand("postgres", `ALTER ROLE ${administrator.username} NOCREATEROLE`);
    },
    restoreRights: async () => {
      await world.byHand("postgres", `ALTER ROLE ${administrator.username} CREATEROLE`);
    },
    async exhaust() {
      await world.byHand("postgres", "CREATE ROLE crowd LOGIN PASSWORD 'crowd-password'");
      const leave = await crowd(
        () => world.connect({ username: "crowd", password: "crowd-password" }, "postgres"),
        (error) => (error as { code?: string }).code === "53300",
        (client) => client.end(),
      );
      return async () => {
        await leave();
        await world.byHand("postgres", "DROP ROLE crowd");
      };
    },
    async snapshot() {
      const [row] = await world.byHand("postgres", "SHOW data_directory");
      const data = String(row?.["data_directory"]);
      const whileStopped = async (work: () => void) => {
        await watch.close();
        await server.stop();
        work();
        await server.start();
      };
      const copy = `${data}.as-it-was`;
      await whileStopped(() => copyFolder(data, copy));
      return () =>
        whileStopped(() => {
          rmSync(data, { recursive: true });
          copyFolder(copy, data);
        });
    },
    async remove() {
      await watch.close();
      await world.remove();
    },
  };
}

const keysOf = ({ name, serverId }: AccountOnServer) => [name, serverId ?? 0];

/** One connection of the superuser's that is made again when the server was away. */
function watcher(world: World) {
  let client: Promise<pg.Client> | undefined;
  const forget = () => {
    client = undefined;
  };
  return {
    async query(text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
      client ??= world.connect(world.server.superuser, "postgres").then((made) => made.once("end", forget));
      try {
        return (await (await client).query<Record<string, unknown>>(text, values)).rows;
      } catch (error) {
        forget();
        throw error;
      }
    },
    async close() {
      const open = client;
      forget();
      await (await open?.catch(() => undefined))?.end().catch(() => undefined);
    },
  };
}

function sessionOf(client: pg.Client): OpenSession {
  let isOpen = true;
  client.once("end", () => {
    isOpen = false;
  });
  return {
    run: async (statement) => (await client.query(statement)).rows,
    isOpen: () => isOpen,
    async close() {
      if (isOpen) await client.end();
    },
  };
}

const leftoversQuery = `
  SELECT 'account ' || rolname AS what FROM pg_roles WHERE rolname = $1 OR oid = $2
  UNION ALL SELECT 'session ' || pid FROM pg_stat_activity WHERE usename = $1 OR usesysid = $2
  UNION ALL SELECT 'membership in ' || roleid::regrole FROM pg_auth_members WHERE member = $2 OR roleid = $2
  UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts WHERE owner = $1
  UNION ALL SELECT 'dependency in database ' || dbid FROM pg_shdepend
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = $2`;
