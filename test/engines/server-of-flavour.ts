import type { Connection } from "mysql2/promise";
import { startMariadbForTests } from "./mariadb-server.ts";
import { startMysqlForTests } from "./mysql-server.ts";

/** A real MariaDB or MySQL server of its own; `stop` and `start` make it go away and come back with its data. */
export type MysqlTestServer = {
  flavour: "mariadb" | "mysql";
  host: string;
  port: number;
  /** As the server says it. */
  version: string;
  /** Made as RDS makes its master user: neither SUPER nor FILE. */
  administrator: { username: string; password: string };
  superuser: { username: string; password: string };
  /** A connection as `root`; the caller ends it. */
  asRoot(database?: string): Promise<Connection>;
  /** Everything the server logged so far; it logs every statement. */
  log(): string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Restarts with this certificate. */
  encrypt(certificateFile: string, keyFile: string): Promise<void>;
  remove(): Promise<void>;
};

/** Options of the server without their dashes, such as `{ "max-connections": "10" }`. */
export type ServerSettings = Readonly<Record<string, string>>;

export const flavourUnderTest = process.env["DAYPASS_TEST_FLAVOUR"] === "mysql" ? "mysql" : "mariadb";

/** The flavour that this project of tests is about: MariaDB, or the one in `DAYPASS_TEST_FLAVOUR`.
 * @throws Error with the command that installs it where it is missing. */
export function startServerForTests(settings: ServerSettings = {}): Promise<MysqlTestServer> {
  return flavourUnderTest === "mysql" ? startMysqlForTests(settings) : startMariadbForTests(settings);
}
