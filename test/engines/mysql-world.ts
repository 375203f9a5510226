import { randomBytes } from "node:crypto";
import type { AccountPlan, Target } from "@daypass/databases/engine.ts";
import { dialectOf } from "@daypass/databases/mysql/dialect.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { installStatements } from "@daypass/databases/mysql/install.ts";
import { passwordHash } from "@daypass/local/target/mariadb/password-hash.ts";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { type MysqlTestServer, type ServerSettings, startServerForTests } from "./server-of-flavour.ts";

/** A stock MariaDB or MySQL made ready by the very statements that the product prints, with two databases of an application. */
export type MysqlWorld = {
  server: MysqlTestServer;
  target: Target;
  /** Runs as root of the server: what people do by hand. */
  byHand(...statements: string[]): Promise<RowDataPacket[]>;
  /** A connection as anybody; broken off with the server at the latest. */
  connect(login: { username: string; password: string }, database?: string): Promise<Connection>;
  /** A plan with a fresh account and grant, for one hour of `read` on the whole shop unless said otherwise. */
  plan(changes?: Partial<AccountPlan>): AccountPlan;
  remove(): Promise<void>;
};

export const mysqlAdministrator = { username: "daypass_admin", password: "admin-password-of-tests" };

/** `administrator` is one with the rights that the product prints, or one with those of a master user of RDS. */
export async function buildMysqlWorld(
  administrator: "as printed" | "as on RDS" = "as printed",
  settings: ServerSettings = {},
): Promise<MysqlWorld> {
  const server = await startServerForTests(settings);
  const world = worldOf(server);
  try {
    await world.byHand(...applicationTables);
    if (administrator === "as printed") await makeAdministrator(world, settings["partial-revokes"] === "ON");
  } catch (error) {
    await world.remove();
    throw error;
  }
  return world;
}

async function makeAdministrator(world: MysqlWorld, hasPlainNames: boolean): Promise<void> {
  const { username, password } = mysqlAdministrator;
  const steps = installStatements({
    dialect: dialectOf(world.server.version, hasPlainNames),
    stack: "test",
    administrator: username,
    databases: [
      { name: "shop_a", level: "ddl" },
      { name: "payroll", level: "ddl" },
    ],
  });
  await world.byHand(`DROP USER ${username}@'%'`);
  // On MariaDB as a hash, since it logs what it is told.
  const identified =
    world.server.flavour === "mysql"
      ? `IDENTIFIED BY '${password}'`
      : `IDENTIFIED VIA mysql_native_password USING '${passwordHash(password)}'`;
  for (const { sql } of steps) {
    await world.byHand(sql.replace("IDENTIFIED BY '<password>'", identified));
  }
}

const numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100)";

const applicationTables = [
  "CREATE DATABASE shop_a",
  "CREATE DATABASE shopXa",
  "CREATE DATABASE payroll",
  "CREATE TABLE shop_a.customers (id int AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL COMMENT 'Where receipts go', note text) COMMENT 'People who bought something'",
  `INSERT INTO shop_a.customers (email) ${numbers} SELECT CONCAT('customer', n, '@example.com') FROM numbers`,
  "CREATE TABLE shop_a.orders (id bigint AUTO_INCREMENT PRIMARY KEY, customer_id int, total decimal(10, 2), FOREIGN KEY (customer_id) REFERENCES customers (id))",
  `INSERT INTO shop_a.orders (customer_id, total) ${numbers} SELECT n, n * 10 FROM numbers`,
  "CREATE TABLE shop_a.events (id int, day date) PARTITION BY RANGE (year(day)) (PARTITION p VALUES LESS THAN MAXVALUE)",
  "CREATE VIEW shop_a.big_orders AS SELECT * FROM shop_a.orders WHERE total > 500",
  "CREATE TABLE shop_a.`odd ``name` (id int)",
  "CREATE TABLE shopXa.secrets (id int)",
  "INSERT INTO shopXa.secrets VALUES (1)",
  "CREATE TABLE payroll.salaries (id int PRIMARY KEY, amount int)",
  "INSERT INTO payroll.salaries VALUES (1, 5000)",
  "CREATE PROCEDURE shop_a.harmless() SELECT 1",
];

function worldOf(server: MysqlTestServer): MysqlWorld {
  const connect: MysqlWorld["connect"] = async ({ username, password }, database) => {
    const connection = await createConnection({
      host: server.host,
      port: server.port,
      user: username,
      password,
      ...(database === undefined ? {} : { database }),
    });
    // Tests end sessions from outside: the next query reports it, this only keeps the process alive.
    connection.on("error", () => undefined);
    return connection;
  };
  return {
    server,
    target: {
      server: { host: server.host, port: server.port, tls: "disable" },
      administrator: mysqlAdministrator,
      maintenanceDatabase: "",
      stack: "test",
    },
    connect,
    async byHand(...statements) {
      const root = await server.asRoot();
      try {
        let rows: RowDataPacket[] = [];
        for (const text of statements) [rows] = await root.query<RowDataPacket[]>(text);
        return rows;
      } finally {
        await root.end();
      }
    },
    plan: (changes = {}) => ({
      name: newAccountName(),
      grantId: `grant_${randomBytes(6).toString("hex")}`,
      database: "shop_a",
      level: "read",
      scope: { kind: "database" },
      expiresAtMs: Date.now() + 3_600_000,
      ...changes,
    }),
    remove: () => server.remove(),
  };
}

function newAccountName(): string {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const random = [...randomBytes(25)].map((byte) => alphabet[byte % 32] ?? "0").join("");
  return `dp_0${random}`;
}

export type MysqlLent = {
  plan: AccountPlan;
  password: string;
  serverId: number;
  /** A session of the account in its database. */
  client: Connection;
  /** Another one. */
  login: (database?: string) => Promise<Connection>;
};

/** Provisions, verifies and logs in; sessions are closed with the server at the latest. */
export async function lendMysql(world: MysqlWorld, changes: Partial<AccountPlan> = {}): Promise<MysqlLent> {
  const plan = world.plan(changes);
  const password = randomBytes(24).toString("base64url");
  const { serverId } = await mysql.provision(world.target, plan, password);
  await mysql.verifyLogin(world.target, plan, password);
  const login = (database = plan.database) => world.connect({ username: plan.name, password }, database);
  return { plan, password, serverId, client: await login(), login };
}

/** The number of the server's refusal, or null when it let it pass. */
export async function refusal(client: Connection, statement: string): Promise<number | null> {
  try {
    await client.query(statement);
    return null;
  } catch (error) {
    return error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : -1;
  }
}
