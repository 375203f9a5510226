import { z } from "zod";
import type { Session } from "./connection.ts";
import { isLockTimeout } from "./failure.ts";
import { literal, qualified, sql } from "./quote.ts";

export type Leftover = { description: string; remedy: string };

/**
 * Views, routines, triggers and events that name the account as their definer. No level lets it make any, so they
 * come from rights that somebody added by hand. Once the account is gone they run for nobody.
 *
 * To show views and triggers the server waits for everybody who holds their tables, so it is asked for seconds only, and
 * only when nothing else waits for the answer. Undefined: it was not known in time.
 */
export async function definedBy(
  session: Session,
  name: string,
  databases: readonly string[],
): Promise<Leftover[] | undefined> {
  const pattern = `${name.replaceAll("_", "\\_")}@%`;
  const found: Leftover[] = [];
  try {
    await session.run("SET SESSION lock_wait_timeout = 1");
    for (const text of [routinesQuery, eventsQuery, ...databases.flatMap(inDatabase)]) {
      const rows = await session.rows(leftoverRow, withinSeconds(session, text), [pattern]);
      found.push(...rows.map(toLeftover));
    }
    return found;
  } catch (error) {
    if (isLockTimeout(error)) return undefined;
    throw error;
  } finally {
    await session.run("SET SESSION lock_wait_timeout = 5");
  }
}

function inDatabase(database: string): string[] {
  return [
    `${viewsQuery} AND TABLE_SCHEMA = ${literal(database)}`,
    `${triggersQuery} AND TRIGGER_SCHEMA = ${literal(database)}`,
  ];
}

function withinSeconds({ dialect }: Session, text: string): string {
  return dialect.flavour === "mariadb"
    ? `SET STATEMENT max_statement_time = 3 FOR ${text}`
    : text.replace("SELECT", "SELECT /*+ MAX_EXECUTION_TIME(3000) */");
}

/** For somebody who may see everything: all that the account is the definer of. */
export function definedByQuery(name: string): string {
  const pattern = literal(`${name.replaceAll("_", "\\_")}@%`);
  return sql`SELECT ROUTINE_TYPE AS kind, ROUTINE_SCHEMA AS place, ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'VIEW', TABLE_SCHEMA, TABLE_NAME FROM information_schema.VIEWS WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'TRIGGER', TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'EVENT', EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE DEFINER LIKE ${pattern};`;
}

function toLeftover({ kind, database, name }: z.infer<typeof leftoverRow>): Leftover {
  return {
    description: `${kind.toLowerCase()} ${database}.${name}`,
    remedy: sql`DROP ${kind} ${qualified(database, name)};`,
  };
}

const leftoverRow = z.strictObject({
  kind: z.enum(["VIEW", "TRIGGER", "EVENT", "PROCEDURE", "FUNCTION"]),
  database: z.string(),
  name: z.string(),
});

const routinesQuery = `SELECT ROUTINE_TYPE AS kind, ROUTINE_SCHEMA AS \`database\`, ROUTINE_NAME AS name
  FROM information_schema.ROUTINES WHERE DEFINER LIKE ? AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')`;
const eventsQuery = `SELECT 'EVENT' AS kind, EVENT_SCHEMA AS \`database\`, EVENT_NAME AS name
  FROM information_schema.EVENTS WHERE DEFINER LIKE ?`;
const viewsQuery = `SELECT 'VIEW' AS kind, TABLE_SCHEMA AS \`database\`, TABLE_NAME AS name
  FROM information_schema.VIEWS WHERE DEFINER LIKE ?`;
const triggersQuery = `SELECT 'TRIGGER' AS kind, TRIGGER_SCHEMA AS \`database\`, TRIGGER_NAME AS name
  FROM information_schema.TRIGGERS WHERE DEFINER LIKE ?`;
