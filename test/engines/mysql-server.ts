import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "@daypass/local/free-port.ts";
import { makeTemporaryFolder, temporaryFolder } from "@daypass/local/target/mariadb/temporary-folder.ts";
import { findPlace, type Place, removePlace } from "@daypass/local/target/place.ts";
import { type Connection, createConnection } from "mysql2/promise";
import { Mysqld } from "./mysqld.ts";
import type { MysqlTestServer, ServerSettings } from "./server-of-flavour.ts";

const administrator = { username: "daypass_admin", password: "admin-password-of-tests" };

/** MySQL itself, as its makers give it away. @throws Error with the command that installs it. */
export async function startMysqlForTests(changes: ServerSettings = {}): Promise<MysqlTestServer> {
  const folder = mkdtempSync(join(tmpdir(), "daypass-mysql-"));
  const place = await findPlace(folder, "mysql");
  await makeTemporaryFolder(place);
  const port = await freePort(0);
  const superuser = { username: "root", password: randomBytes(24).toString("base64url") };
  const settings: Record<string, string> = {
    ...ours,
    ...changes,
    datadir: place.dataFolder,
    tmpdir: temporaryFolder(place),
    port: String(port),
  };
  const asRoot: MysqlTestServer["asRoot"] = (database) => connect(port, superuser, database);
  const logFile = join(folder, "server.log");
  const mysqld = new Mysqld({
    place,
    logFile,
    settings,
    answers: async () => (await asRoot()).end(),
  });
  const remove = async () => {
    await mysqld.close();
    await removePlace(folder);
  };
  try {
    const statements = initialAccounts(superuser.password).map((sql) => `${sql};\n`);
    await mysqld.makeDataFolder(
      fileFor(place, dirname(place.dataFolder), "accounts.sql", statements.join("")),
    );
    await mysqld.start();
    return {
      flavour: "mysql",
      host: "127.0.0.1",
      port,
      version: await versionOf(asRoot),
      administrator,
      superuser,
      asRoot,
      log: () =>
        readFileSync(logFile, "utf8") + readFileSync(join(place.dataFolder, "statements.log"), "utf8"),
      stop: () => mysqld.stop(),
      start: () => mysqld.start(),
      async encrypt(certificateFile, keyFile) {
        settings["ssl-cert"] = fileFor(place, place.dataFolder, "cert.pem", readFileSync(certificateFile));
        settings["ssl-key"] = fileFor(place, place.dataFolder, "key.pem", readFileSync(keyFile));
        await mysqld.stop();
        await mysqld.start();
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function connect(
  port: number,
  { username, password }: MysqlTestServer["superuser"],
  database: string | undefined,
): Promise<Connection> {
  const connection = await createConnection({
    host: "127.0.0.1",
    port,
    user: username,
    password,
    multipleStatements: true,
    ...(database === undefined ? {} : { database }),
  });
  // Without a listener, a server that stops would take the whole process with it.
  connection.on("error", () => undefined);
  return connection;
}

/** A file that the server's own user may read, and nobody else. */
function fileFor({ runAs }: Place, folder: string, name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  if (runAs) chownSync(file, runAs.uid, runAs.gid);
  return file;
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
  // On, as it is unless somebody switches it off, and as small as it goes: what is needed of it are its threads.
  "performance-schema": "ON",
  "performance-schema-digests-size": "0",
  "performance-schema-max-digest-length": "0",
  "performance-schema-error-size": "0",
  "performance-schema-max-memory-classes": "0",
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

async function versionOf(asRoot: MysqlTestServer["asRoot"]): Promise<string> {
  const root = await asRoot();
  try {
    const [[row]] = (await root.query("SELECT version() AS version")) as unknown as [[{ version: string }]];
    return row.version;
  } finally {
    await root.end();
  }
}
