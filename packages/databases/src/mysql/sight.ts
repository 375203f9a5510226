import { z } from "zod";
import type { Session } from "./connection.ts";
import { errorNumber, isRefusal } from "./failure.ts";
import { grantSight } from "./install.ts";

/**
 * How well a server shows whose a session is. `true`: the performance schema names the user who logged in, whatever the
 * session does just now. `present`: the list of processes names who it is just now, which a change of user that waits and
 * code of another definer hide. `none`: whether there are sessions is not known, and that is never "no session".
 */
export type Sight =
  | { kind: "true" }
  | { kind: "present"; because: string; remedy: readonly string[] }
  | { kind: "none"; because: string; remedy: readonly string[] };

/** MySQL's list of processes hangs as long as one session makes it: there it is no sight at all. */
export async function sightOf(session: Session, administrator: string): Promise<Sight> {
  const blind = session.dialect.flavour === "mysql" ? "none" : "present";
  if (!(await isOn(session))) {
    const remedy = session.dialect.flavour === "mysql" ? ["SET PERSIST_ONLY performance_schema = ON;"] : [];
    return { kind: blind, because: `the performance schema is off${howToTurnOn}`, remedy };
  }
  if (!(await mayRead(session))) {
    return {
      kind: blind,
      because: "the administrator may not read the performance schema",
      remedy: [grantSight(administrator)],
    };
  }
  if (await isComplete(session)) return { kind: "true" };
  return {
    kind: blind,
    because:
      "the performance schema has no room for all sessions; raise performance_schema_max_thread_instances",
    remedy: [],
  };
}

const howToTurnOn =
  "; it is switched on by performance_schema = ON in the server's configuration (on RDS: in the parameter group) and a restart";

async function isOn(session: Session): Promise<boolean> {
  const [row] = await session.rows(
    z.strictObject({ isOn: z.number() }),
    "SELECT @@performance_schema AS isOn",
  );
  return row?.isOn === 1;
}

async function mayRead(session: Session): Promise<boolean> {
  try {
    await session.rows(z.strictObject({ one: z.number() }), `SELECT 1 AS one FROM ${threads} LIMIT 1`);
    return true;
  } catch (error) {
    // 1146: MariaDB that was built without it.
    if (isRefusal(error) || errorNumber(error) === 1146) return false;
    throw error;
  }
}

/** It counts what it had no room for; then as many rows as there are connections show that all are there again. */
async function isComplete(session: Session): Promise<boolean> {
  const lost = await status(session, "Performance_schema_thread_instances_lost");
  if (lost === 0) return true;
  const connected = await status(session, "Threads_connected");
  const [row] = await session.rows(
    z.strictObject({ seen: z.number() }),
    `SELECT COUNT(*) AS seen FROM ${threads} WHERE ${isConnection}`,
  );
  return row !== undefined && row.seen >= connected;
}

async function status(session: Session, name: string): Promise<number> {
  const [row] = await session.rows(
    z.strictObject({ Variable_name: z.string(), Value: z.string() }),
    `SHOW GLOBAL STATUS LIKE '${name}'`,
  );
  // A server without the counter is one that we do not know.
  return row === undefined ? 1 : Number(row.Value);
}

export const threads = "performance_schema.threads";
/** Sessions of clients, also while they are still logging in; not the server's own work. */
export const isConnection = "PROCESSLIST_ID IS NOT NULL AND NAME LIKE '%one\\_connection'";
