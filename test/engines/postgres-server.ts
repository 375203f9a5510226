import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { postgresBinaries, reachableBinaries } from "./postgres-binaries.ts";

/** A real server of its own; `stop` and `start` make it go away and come back with its data. */
export type PostgresServer = {
  host: string;
  port: number;
  superuser: { username: string; password: string };
  majorVersion: number;
  /** Everything the server logged so far; it logs every statement. */
  log(): string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Restarts with this certificate. */
  encrypt(certificateFile: string, keyFile: string): Promise<void>;
  remove(): Promise<void>;
};

const superuser = { username: "root_of_server", password: "superuser-password-of-tests" };

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_prepared_transactions: "20",
  max_connections: "120",
  log_statement: "all",
  log_connections: "on",
  log_min_duration_statement: "0",
  fsync: "off",
  password_encryption: "scram-sha-256",
};

export async function startPostgres(changes: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const owner = serverUser();
  const bin = await reachableBinaries(postgresBinaries(), owner);
  const folder = mkdtempSync(join(tmpdir(), "daypass-postgres-"));
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, `${superuser.password}\n`, { mode: 0o600 });
  if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const data = join(folder, "data");
  execFileSync(
    join(bin, "initdb"),
    [
      "-D",
      data,
      "-U",
      superuser.username,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ],
    { ...owner, cwd: folder, stdio: "pipe" },
  );
  rmSync(passwordFile);
  const port = await freePort();
  const logFile = join(folder, "log");
  let process: ChildProcess | undefined;
  const server: PostgresServer = {
    host: "127.0.0.1",
    port,
    superuser,
    majorVersion: Number(readFileSync(join(data, "PG_VERSION"), "utf8").trim()),
    log: () => readFileSync(logFile, "utf8"),
    async start() {
      const output = openSync(logFile, "a");
      const flags = Object.entries({ ...settings, ...changes }).flatMap(([name, value]) => [
        "-c",
        `${name}=${value}`,
      ]);
      process = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
        ...owner,
        cwd: data,
        stdio: ["ignore", output, output],
      });
      closeSync(output);
      await untilReady(port, process);
    },
    async stop() {
      const running = process;
      if (running === undefined || running.exitCode !== null) return;
      const gone = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGINT");
      await gone;
    },
    async encrypt(certificateFile, keyFile) {
      for (const [from, name] of [
        [certificateFile, "server.crt"],
        [keyFile, "server.key"],
      ] as const) {
        const file = join(data, name);
        writeFileSync(file, readFileSync(from), { mode: 0o600 });
        if (owner !== undefined) chownSync(file, owner.uid, owner.gid);
      }
      writeFileSync(join(data, "postgresql.auto.conf"), "ssl = on\n");
      await server.stop();
      await server.start();
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** PostgreSQL refuses to run as root: there it runs as the user `postgres`, who is made when missing. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (globalThis.process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { stdio: "pipe" }).toString());
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    execFileSync("useradd", ["--system", "--user-group", "postgres"]);
    return { uid: id("-u"), gid: id("-g") };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

async function untilReady(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`);
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: superuser.username,
      password: superuser.password,
      database: "postgres",
    });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      // Not up yet: it is asked again until it is, or until the attempts run out.
      await sleep(50);
    }
  }
  throw new Error("the server did not come up in 10 s");
}
