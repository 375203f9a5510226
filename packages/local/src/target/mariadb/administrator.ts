import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { passwordHash } from "./password-hash.ts";
import type { MariadbServer } from "./server.ts";

/** The account that Daypass works with; as on RDS, it has neither SUPER nor FILE. */
export const administratorName = "daypass_admin";

/** Makes the administrator as RDS makes the master user, and keeps its password in the folder. */
export async function makeAdministrator(server: MariadbServer, folder: string): Promise<void> {
  const password = randomBytes(24).toString("base64url");
  const root = await server.connect();
  try {
    for (const statement of administratorStatements(administratorName, passwordHash(password))) {
      await root.query(statement);
    }
  } finally {
    await root.end();
  }
  await writeFile(passwordFile(folder), `${password}\n`, { mode: 0o600 });
}

/** The statements that make an administrator with the rights of the master user of RDS for MariaDB. */
export function administratorStatements(name: string, hash: string): string[] {
  return [
    `CREATE USER ${name}@'%' IDENTIFIED VIA mysql_native_password USING '${hash}'`,
    `GRANT ${rights.join(", ")} ON *.* TO ${name}@'%' WITH GRANT OPTION`,
  ];
}

/** The password that the administrator was made with. */
export async function administratorPassword(folder: string): Promise<string> {
  return (await readFile(passwordFile(folder), "utf8")).trim();
}

const rights = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "RELOAD",
  "PROCESS",
  "REFERENCES",
  "INDEX",
  "ALTER",
  "SHOW DATABASES",
  "CREATE TEMPORARY TABLES",
  "LOCK TABLES",
  "EXECUTE",
  "REPLICATION SLAVE",
  "BINLOG MONITOR",
  "CREATE VIEW",
  "SHOW VIEW",
  "CREATE ROUTINE",
  "ALTER ROUTINE",
  "CREATE USER",
  "EVENT",
  "TRIGGER",
  "CONNECTION ADMIN",
];

function passwordFile(folder: string): string {
  return join(folder, "administrator-password");
}
