import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { administratorStatements } from "@daypass/local/target/mariadb/administrator.ts";
import { passwordHash } from "@daypass/local/target/mariadb/password-hash.ts";
import { type MariadbServer, startMariadb } from "@daypass/local/target/mariadb/server.ts";
import { findPlace, removePlace } from "@daypass/local/target/place.ts";
import type { MysqlTestServer, ServerSettings } from "./server-of-flavour.ts";

const administrator = { username: "daypass_admin", password: "admin-password-of-tests" };

/** `settings` are options of the server without their dashes, such as `{ "max-connections": "10" }`.
 * @throws Error with the command that installs MariaDB where there is none. */
export async function startMariadbForTests(settings: ServerSettings = {}): Promise<MysqlTestServer> {
  const folder = mkdtempSync(join(tmpdir(), "daypass-mariadb-"));
  const logFile = join(folder, "error.log");
  const extra: Record<string, string> = {
    "general-log": "ON",
    // In the data folder, which the server may write to.
    "general-log-file": "statements.log",
    "innodb-flush-log-at-trx-commit": "0",
    ...settings,
  };
  const begin = () => startMariadb({ folder, logFile, port: 0, settings: extra });
  let server: MariadbServer;
  try {
    server = await begin();
  } catch (error) {
    await removePlace(folder);
    throw error;
  }
  const { dataFolder, runAs } = await findPlace(folder, "mysql");
  const root = await server.connect();
  for (const sql of administratorStatements(administrator.username, passwordHash(administrator.password))) {
    await root.query(sql);
  }
  await root.end();
  const tests: MysqlTestServer = {
    flavour: "mariadb",
    host: server.host,
    port: server.port,
    version: `${server.version}-MariaDB`,
    administrator,
    superuser: {
      username: "root",
      password: readFileSync(join(folder, "superuser-password"), "utf8").trim(),
    },
    asRoot: (database) => server.connect(database),
    log: () =>
      readFileSync(logFile, "utf8") + readFileSync(join(dataFolder, "statements.log")).toString("utf8"),
    stop: () => server.stop(),
    async start() {
      server = await begin();
      if (server.port !== tests.port) throw new Error(`port ${tests.port} was taken meanwhile`);
    },
    async encrypt(certificateFile, keyFile) {
      for (const [from, option] of [
        [certificateFile, "ssl-cert"],
        [keyFile, "ssl-key"],
      ] as const) {
        const file = join(dataFolder, `${option}.pem`);
        writeFileSync(file, readFileSync(from));
        if (runAs) chownSync(file, runAs.uid, runAs.gid);
        chmodSync(file, 0o600);
        extra[option] = file;
      }
      await tests.stop();
      await tests.start();
    },
    async remove() {
      await server.stop();
      await removePlace(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return tests;
}
