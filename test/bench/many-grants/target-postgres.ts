import { readFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { createAccountStatements, expiryStatement } from "@daypass/databases/postgres/account-sql.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { identifier, literal, sql } from "@daypass/databases/postgres/quote.ts";
import { scramVerifier } from "@daypass/databases/postgres/scram.ts";
import pg from "pg";
import { buildWorld, newPassword } from "../../engines/postgres-world.ts";
import { aside } from "./machines.ts";
import type { BenchTarget } from "./target.ts";

const database = "shop";
/** Statements that travel together. */
const together = 200;

async function postmasterOf(root: pg.Client): Promise<number> {
  const { rows } = await root.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder");
  const [pid] = (await readFile(join(rows[0]?.folder ?? "", "postmaster.pid"), "utf8")).split("\n");
  return Number(pid);
}

/** PostgreSQL as the tests of the engine run it: made ready by the statements that the product prints. */
export async function startPostgresTarget(stack: string): Promise<BenchTarget> {
  const world = await buildWorld();
  const { server, administrator } = world.target;
  const target = { ...world.target, stack };
  const root = await world.connect(world.server.superuser, "postgres");
  const pid = await postmasterOf(root);
  setPriority(pid, aside);
  const run = (statements: readonly string[]) => root.query(["BEGIN", ...statements, "COMMIT"].join(";\n"));

  async function inBulk<T>(all: readonly T[], statementsOf: (one: T) => readonly string[]): Promise<void> {
    for (let done = 0; done < all.length; done += together) {
      await run(all.slice(done, done + together).flatMap(statementsOf));
    }
  }

  return {
    engine: "postgres",
    secret: {
      ...administrator,
      engine: "postgres",
      host: server.host,
      port: server.port,
      dbname: "postgres",
    },
    database,
    pid,
    identity: await postgres.serverIdentity(target),
    async makeAccounts(grants, password) {
      const plan = (grant: Grant) => ({
        name: grant.account,
        grantId: grant.id,
        database,
        level: "read" as const,
        scope: { kind: "database" as const },
        expiresAtMs: Date.now() + 36_000_000,
      });
      const [first, ...others] = grants;
      if (!first) return new Map();
      // The first by the engine itself: it makes the groups, and how it is made is how the others are.
      const { groups } = await postgres.provision(target, plan(first), newPassword());
      const details = {
        stack,
        version: world.server.majorVersion,
        groups,
        verifier: await scramVerifier(password),
      };
      await run([sql`ALTER ROLE ${identifier(first.account)} PASSWORD ${literal(details.verifier)}`]);
      await inBulk(others, (grant) => [
        ...createAccountStatements(plan(grant), details),
        // Whoever makes a role is its administrator from PostgreSQL 16 on; the superuser who makes these is not meant.
        sql`GRANT ${identifier(grant.account)} TO ${identifier(administrator.username)} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
      ]);
      await root.query("ANALYZE");
      const { rows } = await root.query<{ name: string; oid: number }>(
        "SELECT rolname::text AS name, oid FROM pg_roles WHERE rolname LIKE 'dp\\_%'",
      );
      return new Map(
        rows.map(({ name, oid }) => [name, { serverId: Number(oid), deadManSwitch: "login" as const }]),
      );
    },
    setEnds: (ends) => inBulk([...ends], ([name, endMs]) => [expiryStatement(name, endMs)]),
    async connections() {
      const { rows } = await root.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = $1",
        [administrator.username],
      );
      return rows[0]?.count ?? Number.NaN;
    },
    async left() {
      const { rows } = await root.query<{ name: string }>(
        "SELECT rolname::text AS name FROM pg_roles WHERE rolname LIKE 'dp\\_%'",
      );
      return new Set(rows.map(({ name }) => name));
    },
    async tryLogin(username, password) {
      const client = new pg.Client({
        host: server.host,
        port: server.port,
        user: username,
        password,
        database,
      });
      client.on("error", () => undefined);
      try {
        await client.connect();
        return true;
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code?.startsWith("28")) return false;
        throw error;
      } finally {
        await client.end();
      }
    },
    async close() {
      await root.end();
      await world.remove();
    },
  };
}
