import { randomBytes } from "node:crypto";
import { account, identifier } from "@daypass/databases/mysql/quote.ts";
import { passwordHash } from "@daypass/local/target/mariadb/password-hash.ts";
import { findMariadb, howToGetMariadb } from "@daypass/local/target/mariadb/programs.ts";
import { startMysqlUnderTest } from "../engines/conformance/mysql-under-test.ts";
import { startPostgresUnderTest } from "../engines/conformance/postgres-under-test.ts";
import type { ServerUnderTest } from "../engines/conformance/server-under-test.ts";
import { type BareAccount, mintBare, readGroup, revokeBare, withClient } from "./bare.ts";

/** A server of its own, and the floor on it: the SQL that nobody can leave out, by the driver alone, with a session of
 * the administrator for each call, as the engine has one. */
export type AccountServer = {
  server: ServerUnderTest;
  mintBare(username: string): Promise<BareAccount>;
  revokeBare(username: string): Promise<void>;
};

/** One for each engine; without MariaDB on this machine there is PostgreSQL alone, and it is said. */
export async function startAccountServers(): Promise<AccountServer[]> {
  const servers = [await startPostgres()];
  if (await findMariadb()) servers.push(await startMariadb());
  else console.log(`  No MariaDB on this machine (${howToGetMariadb}): PostgreSQL alone.\n`);
  return servers;
}

export const database = "shop";

async function startPostgres(): Promise<AccountServer> {
  const server = await startPostgresUnderTest();
  const { target } = server;
  let group: Promise<string> | undefined;
  return {
    server,
    async mintBare(username) {
      group ??= readGroup(target, database);
      return mintBare(target, database, await group, username);
    },
    revokeBare: (username) =>
      withClient(target, target.administrator, database, (client) => revokeBare(client, username)),
  };
}

async function startMariadb(): Promise<AccountServer> {
  const server = await startMysqlUnderTest();
  const asAdministrator = async (statements: readonly string[]) => {
    const client = await server.connect(server.target.administrator, database);
    try {
      for (const statement of statements) await client.run(statement);
    } finally {
      await client.end();
    }
  };
  return {
    server,
    async mintBare(username) {
      const password = randomBytes(24).toString("base64url");
      const name = account(username, "%");
      await asAdministrator([
        `CREATE USER ${name} IDENTIFIED VIA mysql_native_password USING '${passwordHash(password)}' WITH MAX_USER_CONNECTIONS 10 ACCOUNT LOCK`,
        `GRANT SELECT, SHOW VIEW ON ${identifier(database)}.* TO ${name}`,
        `ALTER USER ${name} ACCOUNT UNLOCK`,
      ]);
      return { username, password };
    },
    async revokeBare(username) {
      const name = account(username, "%");
      await asAdministrator([
        `ALTER USER ${name} ACCOUNT LOCK`,
        `KILL HARD CONNECTION USER ${name}`,
        `DROP USER ${name}`,
        `SELECT User FROM mysql.user WHERE User = '${username}'`,
      ]);
    },
  };
}
