import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../free-port.ts";
import { beginServer } from "../begin-server.ts";
import { exists } from "../exists.ts";
import { lastPort } from "../last-port.ts";
import { findBinaries } from "./binaries.ts";
import { initialise } from "./initialise.ts";
import { findPostgresPlace, type PostgresPlace } from "./place.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

export type ServerOptions = {
  /** Everything of the server is kept here; made when it is missing. */
  folder: string;
  logFile: string;
  /** The preferred port on 127.0.0.1 of a server's first start; afterwards the port of last time is preferred. */
  port: number;
};

export type Server = {
  host: "127.0.0.1";
  port: number;
  /** True when the server was found running, left behind by a process that was killed. */
  adopted: boolean;
  /** A new connection as the superuser, to prepare the server with; the application never gets this. */
  connect(database: string): Promise<pg.Client>;
  stop(): Promise<void>;
};

/** Starts the PostgreSQL server of the folder, or adopts the one that still runs on it. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const place = await findPostgresPlace(options.folder, await findBinaries());
  const password = await superuserPassword(options.folder);
  const running = await findPostmaster(place.dataFolder);
  if (running?.status === "ready" && (await isOurs(place, running.port, password))) {
    return server(place, running.port, password, true);
  }
  await stopPostmaster(place.dataFolder);

  if (!(await exists(join(place.dataFolder, "PG_VERSION"))))
    await makeCluster(options.folder, place, password);
  const port = await launch(place, options);
  await writeFile(join(options.folder, "port"), String(port));
  return server(place, port, password, false);
}

/** Stops the server of a folder without starting anything; does nothing when none runs. */
export async function stopServer(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  const place = await findPostgresPlace(folder, await findBinaries());
  await stopPostmaster(place.dataFolder);
}

function server(place: PostgresPlace, port: number, password: string, adopted: boolean): Server {
  return {
    host: "127.0.0.1",
    port,
    adopted,
    connect: (database) => connect(port, password, database),
    stop: () => stopPostmaster(place.dataFolder),
  };
}

async function connect(port: number, password: string, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database });
  // Without a listener, a server that stops would take the whole process with it.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function isOurs(place: PostgresPlace, port: number, password: string): Promise<boolean> {
  try {
    const client = await connect(port, password, "postgres");
    const answer = await client.query<{ data_directory: string }>("SHOW data_directory");
    await client.end();
    return answer.rows[0]?.data_directory === place.dataFolder;
  } catch {
    // Whatever answers there wrongly or not at all: it is stopped and started anew.
    return false;
  }
}

async function superuserPassword(folder: string): Promise<string> {
  const path = join(folder, "superuser-password");
  if (await exists(path)) return (await readFile(path, "utf8")).trim();
  const password = randomBytes(24).toString("base64url");
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** The server's user must read the password once, so that it gets a copy of its own. */
async function makeCluster(folder: string, place: PostgresPlace, password: string): Promise<void> {
  const copy = join(dirname(place.dataFolder), "initial-password");
  await writeFile(copy, `${password}\n`, { mode: 0o600 });
  try {
    if (place.runAs) await chown(copy, place.runAs.uid, place.runAs.gid);
    await initialise(place, copy);
  } finally {
    await rm(copy, { force: true });
  }
}

const startAttempts = 40;

/** Starts the server process and waits until it answers; returns its port. */
async function launch(place: PostgresPlace, options: ServerOptions): Promise<number> {
  const wanted = (await lastPort(options.folder)) ?? options.port;
  let lines = "";
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const port = await freePort(wanted);
    const begun = await beginServer({
      program: join(place.binaries, "bin", "postgres"),
      flags: ["-D", place.dataFolder, "-p", String(port)],
      place,
      logFile: options.logFile,
    });
    if (await becomesReady(place.dataFolder, begun.child)) return port;

    lines = await begun.lines();
    // A server that was killed, and its sessions, go within moments; a port may be taken in between.
    if (!/shared memory block|lock file|could not bind/.test(lines)) break;
    // After a restart of the machine the process id in the file can belong to a stranger for good.
    if (attempt > startAttempts / 2 && !(await findPostmaster(place.dataFolder))) {
      await rm(join(place.dataFolder, "postmaster.pid"), { force: true });
    }
    await sleep(250);
  }
  throw new Error(`PostgreSQL did not start; its log is ${options.logFile}\n${lines.trim()}`);
}

async function becomesReady(dataFolder: string, child: ChildProcess): Promise<boolean> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const running = await findPostmaster(dataFolder);
    if (running?.pid === child.pid && running.status === "ready") return true;
    await sleep(15);
  }
  return false;
}
