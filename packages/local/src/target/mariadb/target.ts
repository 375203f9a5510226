import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../exists.ts";
import { removePlace } from "../place.ts";
import { administratorName, administratorPassword, makeAdministrator } from "./administrator.ts";
import { type MariadbServer, startMariadb, stopMariadb } from "./server.ts";

export type MariadbTargetOptions = {
  folder: string;
  logFile: string;
  /** The preferred port on 127.0.0.1; the next free one is taken when it is in use. */
  port?: number;
};

export type RunningMariadb = {
  host: string;
  port: number;
  version: string;
  /** True when the server was found running, left behind by a process that was killed. */
  adopted: boolean;
  /** The administrator's credential, in the JSON of the secret that RDS manages. */
  secret: {
    name: string;
    value: {
      engine: "mariadb";
      host: string;
      port: number;
      username: string;
      password: string;
      dbInstanceIdentifier: string;
    };
  };
};

/** The instance that MariaDB adds to the sample company. */
export const mariadbInstance = {
  name: "support-production",
  environment: "production",
  databases: ["helpdesk"],
} as const;

/** Starts the sample MariaDB server, and fills it at its first start. */
export async function startMariadbTarget(options: MariadbTargetOptions): Promise<RunningMariadb> {
  const { folder, logFile, port = 3307 } = options;
  const known = await isFilled(folder);
  // A start that was killed while it filled the server left something half-made.
  if (!known) await resetMariadb(folder);
  const server = await startMariadb({ folder, logFile, port });
  try {
    if (!known) {
      await makeSample(server);
      await makeAdministrator(server, folder);
      await writeFile(filledFile(folder), `${new Date().toISOString()}\n`);
    }
    return running(server, await administratorPassword(folder));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Whether the sample is complete, so that a start takes a moment only. */
export function isFilled(folder: string): Promise<boolean> {
  return exists(filledFile(folder));
}

/** Stops the server and deletes everything of it. */
export async function resetMariadb(folder: string): Promise<void> {
  await stopMariadb(folder);
  await removePlace(folder);
}

async function makeSample(server: MariadbServer): Promise<void> {
  const root = await server.connect();
  try {
    // Losing a half-made sample in a power cut costs nothing: it is made again.
    await root.query("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
    await root.query("CREATE DATABASE helpdesk COMMENT 'What people write to us, and who answers'");
    await root.query("USE helpdesk");
    await root.query(await readFile(new URL("sample/helpdesk.sql", import.meta.url), "utf8"));
    await root.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
  } finally {
    await root.end();
  }
}

function filledFile(folder: string): string {
  return join(folder, "filled-at");
}

function running(server: MariadbServer, password: string): RunningMariadb {
  const { host, port, version, adopted } = server;
  const { name } = mariadbInstance;
  return {
    host,
    port,
    version,
    adopted,
    secret: {
      name: `daypass/admin/${name}`,
      value: {
        engine: "mariadb",
        host,
        port,
        username: administratorName,
        password,
        dbInstanceIdentifier: name,
      },
    },
  };
}
