import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@daypass/local/free-port.ts";
import { findPlace, type Place, removePlace } from "@daypass/local/target/place.ts";
import { createConnection } from "mysql2/promise";
import { mysqlCommand } from "./mysql-programs.ts";
import type { MysqlTestServer, ServerSettings } from "./server-of-flavour.ts";

const administrator = { username: "daypass_admin", password: "admin-password-of-tests" };

/** MySQL itself, as its makers give it away. @throws Error with the command that installs it. */
export async function startMysqlForTests(settings: ServerSettings = {}): Promise<MysqlTestServer> {
  const command = mysqlCommand();
  const folder = mkdtempSync(join(tmpdir(), "daypass-mysql-"));
  const place = await findPlace(folder, "mysql");
  const superuser = { username: "root", password: randomBytes(24).toString("base64url") };
  const extra: Record<string, string> = { ...ours, tmpdir: temporaryFolder(folder, place), ...settings };
  const port = await freePort(0);
  const log = join(folder, "server.log");
  let child: ChildProcess | undefined;

  const begin = (...flags: string[]) => {
    const file = openSync(log, "a", 0o600);
    const all = Object.entries({ ...extra, datadir: place.dataFolder, port: String(port) });
    return spawn(
      command.program,
      [...command.flags, ...all.map(([name, value]) => `--${name}=${value}`), ...flags],
      {
        ...place.runAs,
        cwd: place.dataFolder,
        env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
        stdio: ["ignore", file, file],
      },
    );
  };
  const asRoot: MysqlTestServer["asRoot"] = async (database) => {
    const connection = await createConnection({
      host: "127.0.0.1",
      port,
      user: superuser.username,
      password: superuser.password,
      multipleStatements: true,
      ...(database === undefined ? {} : { database }),
    });
    connection.on("error", () => undefined);
    return connection;
  };
  const start = async () => {
    child = begin();
    const end = performance.now() + 60_000;
    while (child.exitCode === null && performance.now() < end) {
      const connection = await asRoot().catch(() => undefined);
      if (connection) return connection.end();
      await sleep(50);
    }
    throw new Error(`MySQL did not start\n${readFileSync(log, "utf8")}`);
  };
  const stop = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    const late = setTimeout(() => running.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(late);
  };
  const stopWithUs = () => void child?.kill("SIGKILL");
  process.once("exit", stopWithUs);
  const remove = async () => {
    await stop();
    process.off("exit", stopWithUs);
    await removePlace(folder);
  };

  let version: string;
  try {
    const statements = join(place.dataFolder, "..", "initial-accounts.sql");
    writeFileSync(
      statements,
      initialAccounts(superuser.password)
        .map((sql) => `${sql};\n`)
        .join(""),
      { mode: 0o600 },
    );
    if (place.runAs) chownSync(statements, place.runAs.uid, place.runAs.gid);
    const made = begin("--initialize-insecure", `--init-file=${statements}`);
    const code = await new Promise((resolve) => made.once("close", resolve));
    if (code !== 0) throw new Error(`MySQL could not make its data folder\n${readFileSync(log, "utf8")}`);
    await start();
    version = await versionOf(asRoot);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    flavour: "mysql",
    host: "127.0.0.1",
    port,
    version,
    administrator,
    superuser,
    asRoot,
    log: () => readFileSync(log, "utf8") + readFileSync(join(place.dataFolder, "statements.log"), "utf8"),
    stop,
    start,
    async encrypt(certificateFile, keyFile) {
      for (const [from, option] of [
        [certificateFile, "ssl-cert"],
        [keyFile, "ssl-key"],
      ] as const) {
        const file = join(place.dataFolder, `${option}.pem`);
        writeFileSync(file, readFileSync(from));
        if (place.runAs) chownSync(file, place.runAs.uid, place.runAs.gid);
        chmodSync(file, 0o600);
        extra[option] = file;
      }
      await stop();
      await start();
    },
    remove,
  };
}

const ours = {
  "bind-address": "127.0.0.1",
  // Relative to the data folder, since a longer name than 107 bytes is no socket's.
  socket: "mysqld.sock",
  mysqlx: "OFF",
  "skip-name-resolve": "ON",
  "disable-log-bin": "ON",
  // Encryption comes with a certificate of the tests, or not at all.
  "auto-generate-certs": "OFF",
  "secure-file-priv": "NULL",
  "local-infile": "OFF",
  "default-time-zone": "+00:00",
  "general-log": "ON",
  "general-log-file": "statements.log",
  // Off, as on RDS unless somebody pays for Performance Insights.
  "performance-schema": "OFF",
  "innodb-buffer-pool-size": "64M",
  "innodb-redo-log-capacity": "16M",
  "innodb-flush-log-at-trx-commit": "0",
  "innodb-use-native-aio": "OFF",
};

/** What RDS gives its master user. */
const rights = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES",
  "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, DROP ROLE",
  "APPLICATION_PASSWORD_ADMIN, CONNECTION_ADMIN, ROLE_ADMIN, SESSION_VARIABLES_ADMIN, SHOW_ROUTINE, XA_RECOVER_ADMIN",
];

function initialAccounts(rootPassword: string): string[] {
  return [
    `CREATE USER root@'127.0.0.1' IDENTIFIED BY '${rootPassword}'`,
    "GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION",
    "DROP USER root@localhost",
    `CREATE USER ${administrator.username}@'%' IDENTIFIED BY '${administrator.password}'`,
    `GRANT ${rights.join(", ")} ON *.* TO ${administrator.username}@'%' WITH GRANT OPTION`,
  ];
}

/** One of its own: see the same of MariaDB. */
function temporaryFolder(folder: string, { dataFolder, runAs }: Place): string {
  const made = join(dataFolder.startsWith(folder) ? folder : join(dataFolder, ".."), "tmp");
  mkdirSync(made, { recursive: true, mode: 0o700 });
  if (runAs) chownSync(made, runAs.uid, runAs.gid);
  return made;
}

async function versionOf(asRoot: MysqlTestServer["asRoot"]): Promise<string> {
  const root = await asRoot();
  try {
    const [[row]] = (await root.query("SELECT version() AS version")) as unknown as [[{ version: string }]];
    return row.version;
  } finally {
    await root.end();
  }
}
