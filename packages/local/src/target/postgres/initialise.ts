import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { serverEnvironment } from "../server-environment.ts";
import type { PostgresPlace } from "./place.ts";

/** Makes an empty database cluster whose only account is the superuser with this password. */
export async function initialise(place: PostgresPlace, passwordFile: string): Promise<void> {
  const flags = [
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Built in, so that texts sort alike on every machine, whatever languages it has.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    "--no-sync",
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  await promisify(execFile)(
    join(place.binaries, "bin", "initdb"),
    [`--pgdata=${place.dataFolder}`, ...flags],
    {
      ...place.runAs,
      cwd: dirname(place.dataFolder),
      env: serverEnvironment(),
    },
  ).catch(async (cause: unknown) => {
    await rm(place.dataFolder, { recursive: true, force: true });
    throw new Error("PostgreSQL could not make its data folder", { cause });
  });
}

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  cluster_name: "daypass-sample",
  timezone: "UTC",
  log_timezone: "UTC",
  password_encryption: "scram-sha-256",
  shared_buffers: "128MB",
  max_connections: 200,
  reserved_connections: 8,
  max_prepared_transactions: 10,
  // No standby server follows this one, so that loading into new tables needs no write-ahead log.
  wal_level: "minimal",
  max_wal_senders: 0,
  max_wal_size: "1GB",
  log_min_messages: "warning",
};
