import { Socket } from "node:net";
import pg from "pg";
import type { z } from "zod";
import type { Login, Server, Target } from "../engine.ts";
import { awaitGoodbye } from "../goodbye.ts";
import { type Door, inAdministratorSession, inOneSession } from "../one-session.ts";
import type { Kept } from "../sessions.ts";
import { toEngineError } from "./failure.ts";
import { integer, sql } from "./quote.ts";

/** One session with the server. */
export type Session = {
  database: string;
  /** Rows are parsed with `row`, strictly; `parameters` travel apart from the text. */
  rows<Row extends z.ZodType>(
    row: Row,
    text: string,
    parameters?: readonly unknown[],
  ): Promise<z.infer<Row>[]>;
  run(text: string): Promise<void>;
};

const connectTimeoutMs = 5_000;
const lockTimeoutMs = 3_000;
const statementTimeoutMs = 30_000;

// A frozen or killed caller must not hold locks: the server ends its transaction.
const brokerSettings = [
  "search_path=pg_catalog,pg_temp",
  `lock_timeout=${lockTimeoutMs}`,
  `statement_timeout=${statementTimeoutMs}`,
  "idle_in_transaction_session_timeout=15000",
  "standard_conforming_strings=on",
  "default_transaction_read_only=off",
  "client_min_messages=error",
];

/** A session of the broker as the administrator: one that the target keeps, or one for this call alone. */
export function asAdministrator<Result>(
  target: Target,
  database: string,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const broker = door(target.server, target.administrator, database, brokerSettings);
  return inAdministratorSession(target, `postgres ${database}`, broker, use);
}

/** A session as the account itself, with only the timeouts of ours. */
export function asAccount<Result>(
  server: Server,
  login: Login,
  database: string,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return inOneSession(door(server, login, database, ["search_path=pg_catalog,pg_temp"]), use);
}

function door(server: Server, login: Login, database: string, settings: readonly string[]): Door<Session> {
  return {
    open: () => connect(server, login, database, settings),
    explain: (error) =>
      toEngineError(error, `database ${database} at ${server.host}:${server.port} as ${login.username}`),
  };
}

/** Runs `work` in one transaction; whatever it throws rolls everything back. Each of its locks is waited for this long. */
export async function inTransaction<Result>(
  session: Session,
  work: () => Promise<Result>,
  waitMs = lockTimeoutMs,
): Promise<Result> {
  const wait = waitMs === lockTimeoutMs ? "" : sql`; SET LOCAL lock_timeout = ${integer(waitMs)}`;
  await session.run(sql`BEGIN${wait}`);
  try {
    const result = await work();
    await session.run("COMMIT");
    return result;
  } catch (error) {
    await rollBack(session, error);
    throw error;
  }
}

async function rollBack(session: Session, because: unknown): Promise<void> {
  try {
    await session.run("ROLLBACK");
  } catch {
    // The connection is gone, and the transaction with it: the first failure is the one to report.
    throw because;
  }
}

type Connection = Kept & { session: Session };

async function connect(
  server: Server,
  login: Login,
  database: string,
  settings: readonly string[],
): Promise<Connection> {
  const socket = new Socket();
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    user: login.username,
    password: login.password,
    database,
    ssl: tlsOptions(server),
    stream: () => socket,
    application_name: "daypass",
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + 5_000,
    options: settings.map((setting) => `-c ${setting}`).join(" "),
  });
  // A connection that breaks between two statements reports it here; the next statement then fails with it.
  let broken: Error | undefined;
  client.on("error", (error) => {
    broken = error;
  });
  try {
    await client.connect();
  } catch (error) {
    await close(client, socket);
    throw error;
  }
  return {
    session: sessionOf(client, database, () => broken),
    isUsable: () => broken === undefined && !socket.destroyed,
    close: () => close(client, socket),
  };
}

function sessionOf(client: pg.Client, database: string, broken: () => Error | undefined): Session {
  async function query(text: string, parameters?: readonly unknown[]): Promise<unknown[]> {
    const failure = broken();
    if (failure !== undefined) throw failure;
    const result = await client.query<Record<string, unknown>>(
      text,
      parameters === undefined ? [] : [...parameters],
    );
    return result.rows;
  }
  return {
    database,
    async rows(row, text, parameters) {
      return (await query(text, parameters)).map((value) => row.parse(value));
    },
    async run(text) {
      await query(text);
    },
  };
}

function tlsOptions(server: Server): pg.ClientConfig["ssl"] {
  switch (server.tls) {
    case "verify":
      return { rejectUnauthorized: true, ...(server.ca === undefined ? {} : { ca: server.ca }) };
    case "require":
      return { rejectUnauthorized: false };
    case "disable":
      return false;
  }
}

async function close(client: pg.Client, socket: Socket): Promise<void> {
  await awaitGoodbye(client.end());
  socket.destroy();
}
