import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Lent } from "./postgres-lend.ts";
import type { World } from "./postgres-world.ts";

/** What an account does to stay: it resolves once it holds its lock, to what stops it. */
export type Ruse = (world: World, lent: Lent) => Promise<() => Promise<void>>;

const nothing = async () => undefined;

/** Every lock here is one that a `read` account can take, with its own timeouts switched off first. */
export const ruses: Readonly<Record<string, Ruse>> = {
  "an open ALTER ROLE": (_world, lent) => opening(lent, ["ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'"]),
  "an open change of its settings": (_world, lent) =>
    opening(lent, [
      "ALTER ROLE CURRENT_USER SET work_mem = '1MB'",
      "ALTER ROLE CURRENT_USER RESET lock_timeout",
    ]),
  "an open ALTER ROLE below a savepoint": (_world, lent) =>
    opening(lent, ["SAVEPOINT s", "ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'", "SAVEPOINT t"]),
  "a prepared ALTER ROLE": (_world, lent) => preparing(lent, "shop"),
  "an ALTER ROLE that it prepared in its group's name": async (world, lent) => {
    // From PostgreSQL 16 on it cannot become its group; then this is prepared in its own.
    const asGroup =
      world.server.majorVersion < 16
        ? [
            `DO $$ BEGIN EXECUTE (SELECT format('SET ROLE %I', r.rolname) FROM pg_auth_members m
             JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = current_user::regrole); END $$`,
          ]
        : [];
    const change = "ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'";
    return opening(lent, [change, ...asGroup, `PREPARE TRANSACTION 'as group ${lent.plan.name}'`]);
  },
  "a prepared ALTER ROLE in a database that lets everyone in": (_world, lent) => preparing(lent, "postgres"),
  "locks on what it may read, and advisory locks": (_world, lent) =>
    opening(lent, [
      "LOCK TABLE pg_auth_members, pg_shdepend, pg_roles, customers IN ACCESS SHARE MODE",
      "SELECT pg_advisory_lock(1), pg_advisory_xact_lock(hashtext('rights'))",
      "SELECT lo_create(0)",
      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO daypass_admin, daypass_keeper_test",
    ]),
  "a change of the whole catalog that waits behind an open one": async (_world, lent) => {
    await opening(lent, ["ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'"]);
    waiting(await lent.login(), queued);
    await sleep(100);
    return nothing;
  },
  "changes of its role in a loop, by connections that come back": async (world, lent) => {
    let isOn = true;
    const loops = Array.from({ length: 6 }, async (_, number) => {
      while (isOn) {
        const own = `of-its-own-${number}`;
        await changing(world, { ...lent, password: lent.password }, own, () => isOn).catch(() => sleep(2));
      }
    });
    await sleep(300);
    return async () => {
      isOn = false;
      await Promise.all(loops);
    };
  },
};

/** PostgreSQL takes this lock before it asks whether the user may do this at all. */
const queued =
  "CREATE TRIGGER t BEFORE INSERT ON pg_catalog.pg_authid EXECUTE FUNCTION suppress_redundant_updates_trigger()";

export async function opening(lent: Lent, statements: readonly string[], database?: string) {
  const client = await lent.login(database);
  for (const statement of [...unbound, "BEGIN", ...statements]) await client.query(statement);
  return nothing;
}

const unbound = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"].map(
  (name) => `SET ${name} = 0`,
);

async function preparing(lent: Lent, database: string) {
  const client = await lent.login(database);
  await client.query("BEGIN");
  await client.query("ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'");
  await client.query(`PREPARE TRANSACTION 'it''s \\ ${lent.plan.name}'`);
  await client.end();
  return nothing;
}

/** It ends with its session. */
function waiting(client: pg.Client, statement: string): void {
  void client
    .query("SET lock_timeout = 0")
    .then(() => client.query(statement))
    .catch(() => undefined);
}

async function changing(world: World, lent: Lent, own: string, isOn: () => boolean): Promise<void> {
  const client = await world.connect({ username: lent.plan.name, password: lent.password }, "postgres");
  try {
    while (isOn()) {
      await client.query(`ALTER ROLE CURRENT_USER SET application_name = '${own}'`);
      // Its password stays what it was, so that the next login works: only the row is written again.
      await client.query(`ALTER ROLE CURRENT_USER PASSWORD '${lent.password}'`);
    }
  } finally {
    await client.end();
  }
}

/** A login that is let in, and shows in no list of sessions until its delay is over; then, whether it can ask anything. */
export async function hiddenLogin(
  world: World,
  lent: Lent,
  database: string,
  seconds: number,
): Promise<"works" | "ended"> {
  const client = new pg.Client({
    host: world.server.host,
    port: world.server.port,
    user: lent.plan.name,
    password: lent.password,
    database,
    options: `-c post_auth_delay=${seconds}`,
  });
  client.on("error", () => undefined);
  return client
    .connect()
    .then(() => client.query("SELECT 1"))
    .then(
      () => "works",
      () => "ended",
    );
}
