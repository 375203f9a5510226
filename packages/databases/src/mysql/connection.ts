import { isIP } from "node:net";
import mysql from "mysql2";
import { z } from "zod";
import { EngineError, type Login, type Server, type Target } from "../engine.ts";
import { awaitGoodbye } from "../goodbye.ts";
import { type Door, inAdministratorSession, inOneSession } from "../one-session.ts";
import type { Kept } from "../sessions.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { toEngineError } from "./failure.ts";
import { fill } from "./quote.ts";

/** One session with the server. */
export type Session = {
  dialect: Dialect;
  /** Rows are parsed with `row`, strictly; `parameters` are quoted into the places (`?`) of the text. */
  rows<Row extends z.ZodType>(
    row: Row,
    text: string,
    parameters?: readonly (string | number)[],
  ): Promise<z.infer<Row>[]>;
  /** Returns how many rows it changed. */
  change(text: string, parameters: readonly (string | number)[]): Promise<number>;
  run(text: string): Promise<void>;
};

const connectTimeoutMs = 5_000;
/** Longer than the 30 s after which MariaDB ends a statement by itself. */
const statementTimeoutMs = 35_000;

// The mode decides what quoted text means; without NO_AUTO_CREATE_USER a grant would make an account without password.
// A frozen caller must not hold a lock for long: the server ends its session. What stands in /*M! */ is for MariaDB.
const brokerSettings = `SET SESSION sql_mode = CONCAT('STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION' /*M! , ',NO_AUTO_CREATE_USER' */),
  time_zone = '+00:00', autocommit = 1, lock_wait_timeout = 5, innodb_lock_wait_timeout = 10, wait_timeout = 20,
  sql_safe_updates = 0, sql_quote_show_create = 1 /*M! , max_statement_time = 30 */`;

/** A session of the broker as the administrator, in no database: one that the target keeps, or one for this call. */
export function asAdministrator<Result>(
  target: Target,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const administrator = door(administrationOf(target), target.administrator, undefined);
  return inAdministratorSession(target, "mysql", administrator, use);
}

/** The same, in a session of its own that takes several statements in one trip: only for giving rights. */
export function asGranter<Result>(
  target: Target,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const granter = door(administrationOf(target), target.administrator, undefined, {
    multipleStatements: true,
  });
  return inAdministratorSession(target, "mysql-grants", granter, use);
}

/** A session of its own for what may hang: it is broken off when a statement takes longer than this. */
export function asImpatientAdministrator<Result>(
  target: Target,
  patienceMs: number,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return inOneSession(door(administrationOf(target), target.administrator, undefined, { patienceMs }), use);
}

/** Administrators have a port of their own where the server was given one: accounts cannot fill it. */
function administrationOf({ server, administration }: Target): Server {
  return { ...server, ...administration };
}

/** A session as the account itself, in its database. */
export function asAccount<Result>(
  server: Server,
  login: Login,
  database: string,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return inOneSession(door(server, login, database), use);
}

/** How a session works: when a statement is given up, and whether one trip may hold several. */
type Manner = { patienceMs?: number; multipleStatements?: boolean };

function door(
  server: Server,
  login: Login,
  database: string | undefined,
  { patienceMs = statementTimeoutMs, multipleStatements = false }: Manner = {},
): Door<Session> {
  return {
    open: () => connect(server, login, database, { patienceMs, multipleStatements }),
    explain: (error) =>
      toEngineError(error, `the server at ${server.host}:${server.port} as ${login.username}`),
  };
}

type Connection = Kept & { session: Session };

async function connect(
  server: Server,
  login: Login,
  database: string | undefined,
  { patienceMs, multipleStatements }: Required<Manner>,
): Promise<Connection> {
  refuseAddress(server);
  const connection = mysql.createConnection({
    host: server.host,
    port: server.port,
    user: login.username,
    password: login.password,
    ...(database === undefined ? {} : { database }),
    ...tlsOptions(server),
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    charset: "utf8mb4_bin",
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements,
    // No server may ask for a file of this machine.
    flags: ["-LOCAL_FILES"],
    disableEval: true,
    connectAttributes: { program_name: "daypass" },
  });
  // A connection that breaks between two statements reports it here; the next statement then fails with it.
  let isBroken = false;
  connection.on("error", () => {
    isBroken = true;
  });
  try {
    await limited(connection, connectTimeoutMs, (done) => connection.connect(done));
    const session = await sessionOf(connection, patienceMs);
    await session.run(brokerSettings);
    return {
      session,
      isUsable: () => !isBroken,
      close: () => close(connection),
    };
  } catch (error) {
    await close(connection);
    throw error;
  }
}

async function sessionOf(connection: mysql.Connection, patienceMs: number): Promise<Session> {
  function query(text: string): Promise<unknown> {
    return limited(connection, patienceMs, (done) => connection.query(text, done));
  }
  const [about] = z.array(aboutRow).parse(await query("SELECT VERSION() AS version"));
  const version = about?.version ?? "";
  const [plain] = /mariadb/i.test(version)
    ? []
    : z.array(plainRow).parse(await query("SELECT @@partial_revokes AS plain"));
  return {
    dialect: dialectOf(version, plain?.plain === 1),
    async rows(row, text, parameters) {
      return z.array(row).parse(await query(parameters === undefined ? text : fill(text, parameters)));
    },
    async change(text, parameters) {
      return headerRow.parse(await query(fill(text, parameters))).affectedRows;
    },
    async run(text) {
      await query(text);
    },
  };
}

const aboutRow = z.strictObject({ version: z.string() });
const plainRow = z.strictObject({ plain: z.number() });
const headerRow = z.object({ affectedRows: z.number() });

/** Waits for the driver no longer than this; a server that does not answer in time loses the connection. */
function limited(
  connection: mysql.Connection,
  patienceMs: number,
  begin: (done: (error: unknown, result?: unknown) => void) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.destroy();
      reject(Object.assign(new Error("the server did not answer in time"), { code: "ETIMEDOUT" }));
    }, patienceMs);
    begin((error, result) => {
      clearTimeout(timer);
      if (error === null || error === undefined) return resolve(result);
      // The driver hangs the statement on its errors, and some statements hold a hash.
      if (error instanceof Error && "sql" in error) error.sql = undefined;
      reject(error);
    });
  });
}

/** The driver compares the certificate with a host's name only. */
function refuseAddress(server: Server): void {
  if (server.tls !== "verify" || isIP(server.host) === 0) return;
  throw new EngineError(
    "authentication",
    `${server.host} is an address: with tls verify, name the server as its certificate does`,
  );
}

function tlsOptions(server: Server): { ssl?: mysql.SslOptions } {
  switch (server.tls) {
    case "verify":
      return {
        ssl: {
          minVersion: "TLSv1.2",
          rejectUnauthorized: true,
          verifyIdentity: true,
          ...(server.ca === undefined ? {} : { ca: server.ca }),
        },
      };
    case "require":
      return { ssl: { minVersion: "TLSv1.2", rejectUnauthorized: false } };
    case "disable":
      return {};
  }
}

async function close(connection: mysql.Connection): Promise<void> {
  await awaitGoodbye(new Promise((resolve) => connection.end(() => resolve())));
  connection.destroy();
}
