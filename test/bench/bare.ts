import { randomBytes } from "node:crypto";
import type { Target } from "@daypass/databases/engine.ts";
import { identifier, literal } from "@daypass/databases/postgres/quote.ts";
import { scramVerifier } from "@daypass/databases/postgres/scram.ts";
import pg from "pg";

/** The floor: what nobody can leave out, by the driver alone. */
export async function withClient<T>(
  { server: { host, port } }: Target,
  { username, password }: { username: string; password: string },
  database: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host, port, user: username, password, database });
  // A session that the server ends says so here; its next statement fails with it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** The group that the engine created for `read` on this database, the only one of a benchmark's server. */
export async function readGroup(target: Target, database: string): Promise<string> {
  const { rows } = await withClient(target, target.administrator, database, (client) =>
    client.query<{ name: string }>(
      "SELECT rolname::text AS name FROM pg_roles WHERE rolname LIKE 'daypass\\_read\\_%'",
    ),
  );
  const [group] = rows;
  if (group === undefined || rows.length > 1) throw new Error("there is not exactly one group that reads");
  return group.name;
}

export type BareAccount = { username: string; password: string };

/** Role with its verifier, comment, membership in a group, in one transaction of one session. */
export function mintBare(
  target: Target,
  database: string,
  group: string,
  username: string,
): Promise<BareAccount> {
  return withClient(target, target.administrator, database, async (client) => {
    const password = randomBytes(24).toString("base64url");
    const verifier = await scramVerifier(password);
    const role = identifier(username);
    const until = literal(new Date(Date.now() + 3_600_000).toISOString());
    await client.query("BEGIN");
    await client.query(
      `CREATE ROLE ${role} LOGIN CONNECTION LIMIT 10 VALID UNTIL ${until} PASSWORD ${literal(verifier)}`,
    );
    await client.query(`COMMENT ON ROLE ${role} IS 'made by a benchmark'`);
    await client.query(`GRANT ${identifier(group)} TO ${role} WITH INHERIT TRUE, SET FALSE`);
    await client.query("COMMIT");
    return { username, password };
  });
}

/** Logs in and asks something, as a client does with a fresh credential. */
export function useAccount(target: Target, database: string, account: BareAccount): Promise<unknown> {
  return withClient(target, account, database, (client) => client.query("SELECT 1"));
}

/** A session that is held open; `ended` resolves once the server has closed it. */
export async function openSession(
  { server: { host, port } }: Target,
  database: string,
  { username, password }: BareAccount,
): Promise<{ ended: Promise<void> }> {
  const client = new pg.Client({ host, port, user: username, password, database });
  client.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
  await client.connect();
  return { ended };
}

/** Whether the server lets this account in; `full` when it lets nobody in. What else may go wrong is thrown. */
export async function tryLogin(
  target: Target,
  database: string,
  account: BareAccount,
): Promise<"in" | "refused" | "full"> {
  try {
    await withClient(target, account, database, async () => undefined);
    return "in";
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === "53300") return "full";
    // Class 28: invalid authorization specification.
    if (error.code?.startsWith("28")) return "refused";
    throw error;
  }
}

/** Denies login, ends the sessions, drops the role and looks, in the session given. */
export async function revokeBare(client: pg.Client, username: string): Promise<void> {
  const role = identifier(username);
  await client.query(`ALTER ROLE ${role} NOLOGIN`);
  const open = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";
  while ((await client.query(open, [username])).rowCount);
  await client.query(`DROP ROLE ${role}`);
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [username]);
  if (rowCount !== 0) throw new Error(`${username} is still there`);
}
