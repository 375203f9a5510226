import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../exists.ts";
import { removePlace } from "../place.ts";
import { administratorName, administratorPassword, makeAdministrator } from "./administrator.ts";
import { makeSample } from "./sample.ts";
import { type Server, startServer, stopServer } from "./server.ts";

export type TargetOptions = {
  folder: string;
  logFile: string;
  /** The preferred port on 127.0.0.1; the next free one is taken when it is in use. */
  port?: number;
};

/** The JSON of the secret that RDS manages for an instance's administrator. */
export type AdministratorSecret = {
  engine: "postgres";
  host: string;
  port: number;
  username: string;
  password: string;
  dbInstanceIdentifier: string;
};

export type RunningTarget = {
  host: string;
  port: number;
  /** True when the server was found running, left behind by a process that was killed. */
  adopted: boolean;
  /** The administrator's credential of each instance; two instances share the one server. */
  secrets: { name: string; value: AdministratorSecret }[];
  close(): Promise<void>;
};

/** The instances of the sample company, and the databases that each shows. */
export const sampleInstances = [
  { name: "shop-production", environment: "production", databases: ["shop", "payroll"] },
  { name: "shop-staging", environment: "staging", databases: ["shop_staging"] },
] as const;

/** Starts the sample PostgreSQL server, and fills it at its first start. */
export async function startTarget(options: TargetOptions): Promise<RunningTarget> {
  const { folder, logFile, port = 5433 } = options;
  const isFilled = await exists(filledFile(folder));
  // A start that was killed while it filled the server left something half-made.
  if (!isFilled) await resetTarget(folder);
  const server = await startServer({ folder, logFile, port });
  try {
    if (!isFilled) await fill(server, folder);
    return running(server, await administratorPassword(folder));
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Stops the server and deletes everything of it. */
export async function resetTarget(folder: string): Promise<void> {
  await stopServer(folder);
  await removePlace(folder);
}

async function fill(server: Server, folder: string): Promise<void> {
  await makeSample(server);
  await makeAdministrator(server, folder);
  await writeFile(filledFile(folder), `${new Date().toISOString()}\n`);
}

function running(server: Server, password: string): RunningTarget {
  const { host, port, adopted } = server;
  return {
    host,
    port,
    adopted,
    secrets: sampleInstances.map(({ name }) => ({
      name: `daypass/admin/${name}`,
      value: {
        engine: "postgres",
        host,
        port,
        username: administratorName,
        password,
        dbInstanceIdentifier: name,
      },
    })),
    close: () => server.stop(),
  };
}

function filledFile(folder: string): string {
  return join(folder, "filled-at");
}
