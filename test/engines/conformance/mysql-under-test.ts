import { dialectOf } from "@daypass/databases/mysql/dialect.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { registerStatements } from "@daypass/databases/mysql/install.ts";
import { account, identifier, literal } from "@daypass/databases/mysql/quote.ts";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { flavourWords } from "../flavours.ts";
import { mysqlNames } from "../hostile-names.ts";
import { flavourUnderTest, type MysqlTestServer, startServerForTests } from "../server-of-flavour.ts";
import { dropNamed, leaveBehind, makeNamed, restoreNamed } from "./named-mysql.ts";
import { newPlan } from "./new-plan.ts";
import { codeOf, NoLogin } from "./no-login.ts";
import type { Client, Refusal, ServerUnderTest, Start, Words } from "./server-under-test.ts";

/** MariaDB or MySQL as Debian has it, with an administrator like the master user of RDS. */
export const startMysqlUnderTest: Start = async ({ connectionSlots } = {}) => {
  const server = await startServerForTests(
    connectionSlots === undefined ? {} : { "max-connections": String(connectionSlots) },
  );
  const { host, port, administrator } = server;
  const byHand = (...statements: string[]) => run(server, "shop", statements);
  await run(server, undefined, applicationTables);
  const dialect = dialectOf(server.version, false);
  for (const stack of ["test", "other"]) {
    await byHand(...registerStatements(dialect, stack, administrator.username));
  }
  const target = {
    server: { host, port, tls: "disable" as const },
    administrator,
    maintenanceDatabase: "mysql",
    stack: "test",
  };
  return {
    engine: mysql,
    target,
    otherTarget: { ...target, stack: "other" },
    words,
    plan: newPlan,
    connect: (login, database) => connect(server, login, database),
    byHand,
    makeDatabase: async (name) => {
      await byHand(`CREATE DATABASE ${identifier(name)}`);
      await run(server, name, ["CREATE TABLE things (id int)", "INSERT INTO things VALUES (1)"]);
    },
    hostileNames: mysqlNames,
    makeNamed: (named) => makeNamed(server, named),
    restoreNamed: (named) => restoreNamed(server, named),
    dropNamed: (named) => dropNamed(server, named),
    refusalOf,
    leftOf: async ({ name }) => {
      const [left = {}] = await byHand(
        `SELECT (SELECT COUNT(*) FROM ${flavourWords.accounts} AS known WHERE User = ${literal(name)}) AS accounts,
           (SELECT COUNT(*) FROM mysql.db WHERE User = ${literal(name)}) AS onDatabases,
           (SELECT COUNT(*) FROM mysql.tables_priv WHERE User = ${literal(name)}) AS onTables,
           (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = ${literal(name)}) AS sessions`,
      );
      return left;
    },
    log: () => server.log(),
    stop: () => server.stop(),
    start: () => server.start(),
    encrypt: (certificateFile, keyFile) => server.encrypt(certificateFile, keyFile),
    remove: () => server.remove(),
  } satisfies ServerUnderTest;
};

const numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100)";

const applicationTables = [
  "CREATE DATABASE shop",
  "CREATE DATABASE payroll",
  "USE shop",
  "CREATE TABLE customers (id int AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL, note text)",
  `INSERT INTO customers (email) ${numbers} SELECT CONCAT('customer', n, '@example.com') FROM numbers`,
  "CREATE TABLE orders (id bigint AUTO_INCREMENT PRIMARY KEY, customer_id int, total decimal(10, 2), FOREIGN KEY (customer_id) REFERENCES customers (id))",
  `INSERT INTO orders (customer_id, total) ${numbers} SELECT n, n * 10 FROM numbers`,
  "CREATE TABLE payroll.salaries (id int PRIMARY KEY, amount int)",
  "INSERT INTO payroll.salaries VALUES (1, 5000)",
];

async function run(
  server: MysqlTestServer,
  database: string | undefined,
  statements: readonly string[],
): Promise<Record<string, unknown>[]> {
  const root = await server.asRoot(database);
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of statements) [rows] = await root.query<RowDataPacket[]>(text);
    return rows;
  } finally {
    await root.end();
  }
}

async function connect(
  { host, port }: MysqlTestServer,
  { username, password }: { username: string; password: string },
  database: string,
): Promise<Client> {
  const connection = await createConnection({ host, port, user: username, password, database }).catch(
    (error: unknown) => {
      throw noLogin.has(Number(codeOf(error))) ? new NoLogin(error) : error;
    },
  );
  // Tests end sessions from outside: the next query reports it, this only keeps the process alive.
  connection.on("error", () => undefined);
  return {
    run: async (sql) => (await connection.query<RowDataPacket[]>(sql))[0],
    end: () => connection.end(),
  };
}

/** Access denied, to the database too; locked; as many sessions already as the account may have. */
const noLogin = new Set([1044, 1045, 1226, 1698, flavourWords.lockedErrno]);
const noRight = new Set([1044, 1045, 1142, 1143, 1227, 1370, 1410, 1419, 1698, 1959]);

function refusalOf(error: unknown): Refusal {
  if (error instanceof NoLogin) return "login";
  const code = codeOf(error);
  if (noRight.has(Number(code))) return "right";
  const isOver = ["1927", "1317", "PROTOCOL_CONNECTION_LOST", "ECONNRESET", "EPIPE"].includes(String(code));
  return isOver || (error instanceof Error && /closed state/.test(error.message)) ? "ended" : "other";
}

const words: Words = {
  name: flavourUnderTest === "mysql" ? "MySQL" : "MariaDB",
  closesWithinMs: 12_000,
  keepsAccountsEncrypted: true,
  schemaOf: (database) => database,
  quote: identifier,
  scopeOfDdl: (...tables) => ({
    kind: "objects",
    objects: tables.map((table) => ({ schema: "shop", table })),
  }),
  ddlTables: ({ table }) => [table, "own"],
  leaveBehind,
  asApplication: [],
  sleep: "SELECT SLEEP(600)",
  setOwnPassword: (password) => flavourWords.setOwnPassword(password),
  createStranger: (name) => [
    `CREATE USER ${account(name, "%")} IDENTIFIED BY 'theirs-and-long-enough'`,
    `GRANT SELECT ON shop.* TO ${account(name, "%")}`,
  ],
  dropByHand: (name) => [`DROP USER ${account(name, "%")}`],
  renameByHand: (from, to) => [`RENAME USER ${account(from, "%")} TO ${account(to, "%")}`],
  widenByHand: (name) => [`GRANT INSERT ON payroll.* TO ${account(name, "%")}`],
  // Who may write to the tables of `mysql` may change accounts too.
  disarm: ["REVOKE CREATE USER, INSERT, UPDATE, DELETE ON *.* FROM daypass_admin@'%'"],
  arm: ["GRANT CREATE USER, INSERT, UPDATE, DELETE ON *.* TO daypass_admin@'%' WITH GRANT OPTION"],
  neverAllowed: [
    "CREATE DATABASE mine",
    "CREATE USER friend",
    "GRANT SELECT ON shop.* TO 'friend'@'%'",
    "ALTER USER CURRENT_USER() ACCOUNT UNLOCK",
    "ALTER USER CURRENT_USER() WITH MAX_USER_CONNECTIONS 0",
    ...flavourWords.neverAllowed,
    "SELECT * FROM payroll.salaries",
    "SELECT 1 INTO OUTFILE '/tmp/daypass-never'",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE orders",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
    "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET @a = 1",
    "CREATE PROCEDURE p() SELECT 1",
    "CREATE VIEW v AS SELECT 1",
    "CREATE TEMPORARY TABLE mine (id int)",
    "LOCK TABLES orders WRITE",
    "FLUSH PRIVILEGES",
    "SHUTDOWN",
    "SET GLOBAL event_scheduler = OFF",
    "INSTALL PLUGIN spider SONAME 'ha_spider.so'",
    "DROP EVENT daypass_test.reaper",
    "UPDATE daypass_test.account SET ends_at_ms = 0",
    "SELECT * FROM daypass_test.account",
  ],
  similarTo: (name) => [`${name}x`, name.toUpperCase(), `dpx${name.slice(3)}`],
};
