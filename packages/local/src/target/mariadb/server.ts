import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { exists } from "../exists.ts";
import { findPlace, type Place } from "../place.ts";
import { initialise } from "./initialise.ts";
import { launch } from "./launch.ts";
import { findMariadbd, stopMariadbd } from "./mariadbd.ts";
import { requireMariadb } from "./programs.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

export type MariadbOptions = {
  /** Everything of the server is kept here; made when it is missing. */
  folder: string;
  logFile: string;
  /** The preferred port on 127.0.0.1 of a server's first start; afterwards the port of last time is preferred. */
  port: number;
  /** Options of the server beside ours, without the dashes. */
  settings?: Readonly<Record<string, string>>;
};

export type MariadbServer = {
  host: "127.0.0.1";
  port: number;
  version: string;
  /** True when the server was found running, left behind by a process that was killed. */
  adopted: boolean;
  /** A new connection as `root`, to prepare the server with; the application never gets this. */
  connect(database?: string): Promise<Connection>;
  stop(): Promise<void>;
};

/** Starts the MariaDB server of the folder, or adopts the one that still runs on it.
 * @throws Error that says how to install MariaDB where there is none. */
export async function startMariadb(options: MariadbOptions): Promise<MariadbServer> {
  const programs = await requireMariadb();
  const place = await findPlace(options.folder, "mysql");
  const password = await rootPassword(options.folder);
  const server = (port: number, adopted: boolean): MariadbServer => ({
    host: "127.0.0.1",
    port,
    version: programs.version,
    adopted,
    connect: (database) => connect(port, password, database),
    stop: () => stopMariadbd(place.dataFolder),
  });
  const running = await findMariadbd(place.dataFolder);
  if (running && (await isOurs(place, running.port, password))) return server(running.port, true);
  await stopMariadbd(place.dataFolder);
  await makeTemporaryFolder(place);

  // A data folder counts once this file is there: an installation that was killed leaves a half-made one.
  const made = join(options.folder, "made-at");
  if (!(await exists(made)) || (await isEmpty(place.dataFolder))) {
    await empty(place.dataFolder);
    await initialise(place, programs, password);
    await writeFile(made, `${new Date().toISOString()}\n`);
  }
  const port = await launch({ ...options, place, program: programs.server });
  await writeFile(join(options.folder, "port"), String(port));
  return server(port, false);
}

/** Stops the server of a folder without starting anything; does nothing when none runs. */
export async function stopMariadb(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  await stopMariadbd((await findPlace(folder, "mysql")).dataFolder);
}

async function connect(port: number, password: string, database?: string): Promise<Connection> {
  // Loaded while the server starts: `npm start` imports this file before anything runs.
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({
    host: "127.0.0.1",
    port,
    user: "root",
    password,
    multipleStatements: true,
    ...(database === undefined ? {} : { database }),
  });
  // Without a listener, a server that stops would take the whole process with it.
  connection.on("error", () => undefined);
  return connection;
}

async function isOurs(place: Place, port: number, password: string): Promise<boolean> {
  try {
    const connection = await connect(port, password);
    const [rows] = await connection.query("SELECT @@datadir AS folder");
    await connection.end();
    return JSON.stringify(rows) === JSON.stringify([{ folder: `${place.dataFolder}/` }]);
  } catch {
    // Whatever answers there wrongly or not at all: it is stopped and started anew.
    return false;
  }
}

async function rootPassword(folder: string): Promise<string> {
  const path = join(folder, "superuser-password");
  if (await exists(path)) return (await readFile(path, "utf8")).trim();
  const password = randomBytes(24).toString("base64url");
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** The folder itself stays, since it belongs to the user that the server runs as. */
async function empty(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function isEmpty(folder: string): Promise<boolean> {
  return !(await exists(folder)) || (await readdir(folder)).length === 0;
}
