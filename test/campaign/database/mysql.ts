import { rmSync } from "node:fs";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { flavourWords } from "../../engines/flavours.ts";
import { buildMysqlWorld, type MysqlWorld, mysqlAdministrator } from "../../engines/mysql-world.ts";
import { flavourUnderTest } from "../../engines/server-of-flavour.ts";
import { copyFolder } from "./copy-folder.ts";
import { crowd } from "./crowd.ts";
import type { DatabaseServer, OpenSession } from "./database-server.ts";

const reaper = "daypass_test.reaper";
const account = `${mysqlAdministrator.username}@'%'`;

/** Debian's MariaDB, or MySQL with `DAYPASS_TEST_FLAVOUR=mysql`; throws the command that installs it where there is none. */
export async function startMysqlServer(): Promise<DatabaseServer> {
  const world = await buildMysqlWorld("as printed", { "max-connections": "250" });
  const { server } = world;
  let { password } = mysqlAdministrator;
  let rotations = 0;
  const watch = watcher(world);
  const count = async (text: string, name: string) => Number((await watch.query(text, [name]))[0]?.["found"]);
  return {
    engine: "mysql",
    version: `${server.flavour === "mysql" ? "MySQL" : "MariaDB"} ${server.version.replace("-MariaDB", "")}`,
    database: "shop_a",
    secret: () => ({
      engine: server.flavour,
      host: server.host,
      port: server.port,
      username: mysqlAdministrator.username,
      password,
    }),
    async stop() {
      await watch.close();
      await server.stop();
    },
    start: () => server.start(),
    byHand: (database, ...statements) => world.byHand(`USE ${database}`, ...statements),
    async login(name, secret, database = "shop_a") {
      try {
        return sessionOf(await world.connect({ username: name, password: secret }, database));
      } catch (error) {
        // Password wrong or account gone; locked; no right to the database.
        if ([1045, flavourWords.lockedErrno, 1044].includes(Number((error as { errno?: unknown }).errno)))
          return "refused";
        throw error;
      }
    },
    hasAccount: async ({ name }) =>
      (await count("SELECT COUNT(*) AS found FROM mysql.user WHERE User = ?", name)) > 0,
    countSessions: ({ name }) =>
      // MySQL lists a login that is being refused for a moment.
      count(`SELECT COUNT(*) AS found FROM ${sessions} AND COMMAND <> 'Connect'`, name),
    async leftovers({ name }) {
      const rows = await watch.query(
        leftoversQuery,
        Array.from({ length: 7 }, () => name),
      );
      return rows.map((row) => String(row["what"]));
    },
    // The next mint arms it again, since it stays the administrator's own.
    withoutSwitch: async () => {
      const administrator = await world.connect({ ...mysqlAdministrator, password });
      await administrator.query(`ALTER EVENT ${reaper} DISABLE`);
      await administrator.end();
    },
    async rotate() {
      rotations += 1;
      password = `admin-password-number-${rotations}`;
      await world.byHand(`ALTER USER ${account} IDENTIFIED BY '${password}'`);
    },
    withdrawRights: async () => {
      await world.byHand(`REVOKE CREATE USER ON *.* FROM ${account}`, "FLUSH PRIVILEGES");
    },
    restoreRights: async () => {
      await world.byHand(`GRANT CREATE USER ON *.* TO ${account}`);
    },
    async exhaust() {
      await world.byHand("CREATE USER crowd@'%' IDENTIFIED BY 'crowd-password'");
      const leave = await crowd(
        () => world.connect({ username: "crowd", password: "crowd-password" }),
        (error) => (error as { errno?: number }).errno === 1040,
        (client) => client.end(),
      );
      return async () => {
        await leave();
        await world.byHand("DROP USER crowd@'%'");
      };
    },
    async snapshot() {
      const [row] = await world.byHand("SELECT @@datadir AS folder");
      const data = String(row?.["folder"]).replace(/\/$/, "");
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

/** One connection of root's that is made again when the server was away. */
function watcher({ server }: MysqlWorld) {
  let client: Promise<Connection> | undefined;
  const forget = () => {
    client = undefined;
  };
  const open = async () => {
    const { host, port, superuser } = server;
    const made = await createConnection({
      host,
      port,
      user: superuser.username,
      password: superuser.password,
    });
    made.on("error", forget);
    return made;
  };
  return {
    async query(text: string, values: string[]): Promise<RowDataPacket[]> {
      client ??= open();
      try {
        return (await (await client).query<RowDataPacket[]>(text, values))[0];
      } catch (error) {
        forget();
        throw error;
      }
    },
    async close() {
      const left = client;
      forget();
      await (await left?.catch(() => undefined))?.end().catch(() => undefined);
    },
  };
}

function sessionOf(client: Connection): OpenSession {
  let isOpen = true;
  const close = () => {
    isOpen = false;
  };
  client.on("error", close);
  client.on("end", close);
  return {
    run: async (statement) => (await client.query(statement))[0],
    isOpen: () => isOpen,
    close: () => client.end(),
  };
}

/** MySQL's list of processes hangs where one session makes it. */
const sessions =
  flavourUnderTest === "mysql"
    ? "(SELECT PROCESSLIST_ID AS ID, PROCESSLIST_USER AS USER, PROCESSLIST_COMMAND AS COMMAND FROM performance_schema.threads) AS seen WHERE USER = ?"
    : "information_schema.PROCESSLIST WHERE USER = ?";

const leftoversQuery = `
  SELECT CONCAT('account at ', Host) AS what FROM mysql.user WHERE User = ?
  UNION ALL SELECT CONCAT('session ', ID) FROM ${sessions}
  UNION ALL SELECT CONCAT('rights in ', Db) FROM mysql.db WHERE User = ?
  UNION ALL SELECT CONCAT('rights on ', Table_name) FROM mysql.tables_priv WHERE User = ?
  UNION ALL SELECT CONCAT('rights on columns of ', Table_name) FROM mysql.columns_priv WHERE User = ?
  UNION ALL SELECT CONCAT('rights on routine ', Routine_name) FROM mysql.procs_priv WHERE User = ?
  UNION ALL SELECT 'an open entry in the register' FROM daypass_test.account WHERE name = ? AND dropped_at_ms IS NULL`;
