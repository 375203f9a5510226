import { randomBytes } from "node:crypto";
import type { AccountPlan, Target } from "@daypass/databases/engine.ts";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { scramVerifier } from "@daypass/databases/postgres/scram.ts";
import pg from "pg";
import { newPlan } from "./conformance/new-plan.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

export { newAccountName } from "./conformance/new-plan.ts";

/** A stock server made ready by the very statements that the product prints, with two databases of an application. */
export type World = {
  server: PostgresServer;
  target: Target;
  /** Runs as the server's superuser: what people do by hand. */
  byHand(database: string, ...statements: string[]): Promise<Record<string, unknown>[]>;
  /** A connection as anybody; the caller ends it. */
  connect(login: { username: string; password: string }, database: string): Promise<pg.Client>;
  /** A plan with a fresh account and grant, for one hour of `read` on the whole shop unless said otherwise. */
  plan(changes?: Partial<AccountPlan>): AccountPlan;
  remove(): Promise<void>;
};

export const appOwner = { username: "app_owner", password: "owner-password-of-tests" };
export const administrator = { username: "daypass_admin", password: "admin-password-of-tests" };

/** `settings` are the server's own, such as `{ max_connections: "20" }`. */
export async function buildWorld(settings: Readonly<Record<string, string>> = {}): Promise<World> {
  const server = await startPostgres(settings);
  const world = worldOf(server);
  await world.byHand("postgres", `CREATE ROLE app_owner LOGIN PASSWORD '${appOwner.password}'`);
  for (const database of ["shop", "payroll"]) {
    await world.byHand("postgres", `CREATE DATABASE ${database} OWNER app_owner`);
  }
  await world.byHand("shop", "SET ROLE app_owner", ...shopTables);
  await world.byHand(
    "payroll",
    "SET ROLE app_owner",
    "CREATE TABLE salaries (id int PRIMARY KEY, amount int)",
    "INSERT INTO salaries VALUES (1, 5000)",
  );
  const steps = installStatements({
    administrator: administrator.username,
    majorVersion: server.majorVersion,
    databases: [
      { name: "shop", owner: "app_owner", schemas: ["public", "crm"], level: "ddl" },
      { name: "payroll", owner: "app_owner", schemas: ["public"], level: "ddl" },
    ],
  });
  for (const step of steps) await world.byHand(step.database ?? "postgres", step.sql);
  // The verifier, not the password: the log of every statement is searched for it.
  const verifier = await scramVerifier(administrator.password);
  await world.byHand("postgres", `ALTER ROLE daypass_admin CREATEDB PASSWORD '${verifier}'`);
  return world;
}

const shopTables = [
  "CREATE SCHEMA crm",
  "CREATE TABLE customers (id serial PRIMARY KEY, email text NOT NULL, note text)",
  "INSERT INTO customers (email) SELECT 'customer' || n || '@example.com' FROM generate_series(1, 100) n",
  "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int REFERENCES customers, total numeric)",
  "INSERT INTO orders (customer_id, total) SELECT n, n * 10 FROM generate_series(1, 100) n",
  "CREATE TABLE events (id int, day date) PARTITION BY RANGE (day)",
  "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  "INSERT INTO events VALUES (1, '2026-02-03')",
  "CREATE VIEW big_orders AS SELECT * FROM orders WHERE total > 500",
  "CREATE MATERIALIZED VIEW order_totals AS SELECT customer_id, sum(total) FROM orders GROUP BY 1",
  "CREATE TABLE crm.tickets (id int PRIMARY KEY, body text)",
  "INSERT INTO crm.tickets VALUES (1, 'Please help')",
  "COMMENT ON TABLE customers IS 'People who bought something'",
  "COMMENT ON COLUMN customers.email IS 'Where receipts go'",
  'CREATE TABLE "Odd ""Name""" (id int)',
];

function worldOf(server: PostgresServer): World {
  const connect: World["connect"] = async (login, database) => {
    const client = new pg.Client({
      host: server.host,
      port: server.port,
      user: login.username,
      password: login.password,
      database,
    });
    // Tests end sessions from outside: the next query reports it, this only keeps the process alive.
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  return {
    server,
    target: {
      server: { host: server.host, port: server.port, tls: "disable" },
      administrator,
      maintenanceDatabase: "postgres",
      stack: "test",
    },
    connect,
    async byHand(database, ...statements) {
      const client = await connect(server.superuser, database);
      try {
        let rows: Record<string, unknown>[] = [];
        for (const text of statements) rows = (await client.query<Record<string, unknown>>(text)).rows;
        return rows;
      } finally {
        await client.end();
      }
    },
    plan: newPlan,
    remove: () => server.remove(),
  };
}

export function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
