import { readFile } from "node:fs/promises";
import { setPriority } from "node:os";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { createAccount, dialectOf, markOf } from "@daypass/databases/mysql/dialect.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { anyHost, registerName } from "@daypass/databases/mysql/names.ts";
import { defaultConnectionLimit, defaultStatementTimeoutMs } from "@daypass/databases/mysql/plan.ts";
import { literal, qualified, account as quoted, sql } from "@daypass/databases/mysql/quote.ts";
import type { RowDataPacket } from "mysql2/promise";
import { buildMysqlWorld, mysqlAdministrator } from "../../engines/mysql-world.ts";
import { newPassword } from "../../engines/postgres-world.ts";
import { aside } from "./machines.ts";
import type { BenchTarget } from "./target.ts";

const database = "shop_a";

/** MariaDB as the tests of the engine run it: made ready by the statements that the product prints. */
export async function startMariadbTarget(stack: string): Promise<BenchTarget> {
  const world = await buildMysqlWorld();
  const { server } = world.target;
  const target = { ...world.target, stack };
  const root = await world.server.asRoot();
  const register = qualified(registerName(stack), "account");
  const rows = async (text: string, parameters: readonly string[] = []) => {
    const [found] = await root.query<RowDataPacket[]>(text, [...parameters]);
    return found;
  };
  const [settings] = await rows("SELECT @@pid_file AS file");
  const pid = Number(await readFile(String(settings?.["file"]), "utf8"));
  setPriority(pid, aside);

  return {
    engine: "mysql",
    secret: { ...mysqlAdministrator, engine: "mariadb", host: server.host, port: server.port },
    database,
    pid,
    identity: await mysql.serverIdentity(target),
    async makeAccounts(grants, password) {
      const dialect = dialectOf(`${world.server.version}-MariaDB`, false);
      const endsAtMs = Date.now() + 36_000_000;
      const plan = (grant: Grant) => ({
        name: grant.account,
        grantId: grant.id,
        database,
        level: "read" as const,
        scope: { kind: "database" as const },
        expiresAtMs: endsAtMs,
      });
      const [first, ...others] = grants;
      if (!first) return new Map();
      // The first by the engine itself: how it is made is how the others are.
      const { deadManSwitch } = await mysql.provision(target, plan(first), newPassword());
      const [entry] = await rows(sql`SELECT rights FROM ${register} WHERE name = ?`, [first.account]);
      const shown = await rows(sql`SHOW GRANTS FOR ${quoted(first.account, anyHost)}`);
      const given = shown
        .map((row) => String(Object.values(row)[0]))
        .filter((text) => !text.includes("USAGE"));
      const termsOf = (name: string) => ({
        stack,
        name,
        host: anyHost,
        encrypted: false,
        connectionLimit: defaultConnectionLimit,
        statementTimeoutMs: defaultStatementTimeoutMs,
      });
      for (const grant of others) {
        const user = quoted(grant.account, anyHost);
        await root.query(
          sql`INSERT INTO ${register} (name, grant_id, mark, database_name, state, ends_at_ms, rights) VALUES (?, ?, ?, ?, 'open', ?, ?)`,
          [
            grant.account,
            grant.id,
            markOf(dialect, stack, grant.account),
            database,
            endsAtMs,
            entry?.["rights"],
          ],
        );
        await root.query(createAccount(dialect, termsOf(grant.account), password));
        for (const text of given) await root.query(text.replaceAll(first.account, grant.account));
        await root.query(sql`ALTER USER ${user} ACCOUNT UNLOCK`);
      }
      const ids = await rows(sql`SELECT id, name FROM ${register}`);
      return new Map(ids.map(({ id, name }) => [String(name), { serverId: Number(id), deadManSwitch }]));
    },
    async setEnds(ends) {
      for (const [name, endMs] of ends) {
        await root.query(sql`UPDATE ${register} SET ends_at_ms = ? WHERE name = ?`, [endMs, name]);
      }
    },
    async connections() {
      const [found] = await rows(
        "SELECT COUNT(*) AS count FROM information_schema.PROCESSLIST WHERE USER = ? AND COMMAND <> 'Daemon'",
        [mysqlAdministrator.username],
      );
      return Number(found?.["count"]);
    },
    async left() {
      const found = await rows(
        `SELECT User AS name FROM mysql.global_priv WHERE User LIKE ${literal("dp\\_%")}`,
      );
      return new Set(found.map(({ name }) => String(name)));
    },
    async tryLogin(username, password) {
      try {
        const connection = await world.connect({ username, password }, database);
        await connection.end();
        return true;
      } catch (error) {
        const number = error instanceof Error && "errno" in error ? error.errno : undefined;
        // Access denied, or denied because it is locked.
        if (number === 1045 || number === 4151) return false;
        throw error;
      }
    },
    async close() {
      await root.end();
      await world.remove();
    },
  };
}
