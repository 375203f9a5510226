import { readFile } from "node:fs/promises";
import { setPriority } from "node:os";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { dialectOf, markOf, refreshAccount } from "@daypass/databases/mysql/dialect.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { anyHost, registerName } from "@daypass/databases/mysql/names.ts";
import { defaultConnectionLimit, defaultStatementTimeoutMs } from "@daypass/databases/mysql/plan.ts";
import { literal, qualified, sql } from "@daypass/databases/mysql/quote.ts";
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
      const dialect = dialectOf(world.server.version, false);
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
      // The first by the engine itself; the others are its rows again. CREATE USER and GRANT take the longer the more
      // accounts there are, and thousands of them would take minutes.
      const { deadManSwitch } = await mysql.provision(target, plan(first), newPassword());
      const terms = {
        stack,
        name: first.account,
        host: anyHost,
        encrypted: false,
        connectionLimit: defaultConnectionLimit,
        statementTimeoutMs: defaultStatementTimeoutMs,
      };
      await root.query(refreshAccount(dialect, terms, password));
      const columns = (await rows("SHOW COLUMNS FROM mysql.db")).map((row) => String(row["Field"]));
      const [given, again] = [
        columns.join(", "),
        columns.map((one) => (one === "User" ? "?" : one)).join(", "),
      ];
      for (const { account, id } of others) {
        const mark = markOf(dialect, stack, account);
        await root.query(
          sql`INSERT INTO ${register} (name, grant_id, mark, database_name, state, ends_at_ms, rights) SELECT ?, ?, ?, database_name, state, ends_at_ms, rights FROM ${register} WHERE name = ?`,
          [account, id, mark, first.account],
        );
        await root.query(
          "INSERT INTO mysql.global_priv (Host, User, Priv) SELECT Host, ?, JSON_SET(Priv, '$.max_updates', CAST(? AS INT)) FROM mysql.global_priv WHERE User = ?",
          [account, mark, first.account],
        );
        await root.query(`INSERT INTO mysql.db (${given}) SELECT ${again} FROM mysql.db WHERE User = ?`, [
          account,
          first.account,
        ]);
      }
      await root.query("FLUSH PRIVILEGES");
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
