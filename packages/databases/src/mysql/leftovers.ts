import { z } from "zod";
import type { Session } from "./connection.ts";
import { errorNumber, isRefusal } from "./failure.ts";
import { hexadecimal, integer, list, literal, qualified, sql } from "./quote.ts";

export type Leftover = { description: string; remedy: string };

/**
 * Views, routines, triggers and events that name the account as their definer. No level lets it make any, so they
 * come from rights that somebody added by hand. Once the account is gone they run for nobody.
 */
export async function definedBy(
  session: Session,
  name: string,
  databases: readonly string[],
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  const pattern = `${name.replaceAll("_", "\\_")}@%`;
  for (const query of [routinesQuery, eventsQuery]) {
    for (const row of await session.rows(leftoverRow, query, [pattern])) found.push(toLeftover(row));
  }
  for (const database of new Set(databases)) {
    for (const query of [viewsQuery, triggersQuery]) {
      const text = `${query} AND ${query === viewsQuery ? "TABLE_SCHEMA" : "TRIGGER_SCHEMA"} = ${literal(database)}`;
      for (const row of await session.rows(leftoverRow, text, [pattern])) found.push(toLeftover(row));
    }
  }
  return found;
}

/** For somebody who may see everything: all that the account is the definer of. */
export function definedByQuery(name: string): string {
  const pattern = literal(`${name.replaceAll("_", "\\_")}@%`);
  return sql`SELECT ROUTINE_TYPE AS kind, ROUTINE_SCHEMA AS place, ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'VIEW', TABLE_SCHEMA, TABLE_NAME FROM information_schema.VIEWS WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'TRIGGER', TRIGGER_SCHEMA, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE DEFINER LIKE ${pattern}
UNION ALL SELECT 'EVENT', EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE DEFINER LIKE ${pattern};`;
}

/**
 * Transactions that were prepared (XA) and not finished: they outlive their session, hold their locks, and the server
 * does not say whose they are. Answers the statement that ends each; nothing where we may not look.
 */
export async function preparedTransactions(session: Session): Promise<string[]> {
  try {
    return (await session.rows(preparedRow, "XA RECOVER")).map(rollBackStatement);
  } catch (error) {
    if (isRefusal(error) || errorNumber(error) === 1401) return [];
    throw error;
  }
}

/** Their names are bytes of any kind, in two parts. */
function rollBackStatement({
  formatID,
  gtrid_length,
  bqual_length,
  data,
}: z.infer<typeof preparedRow>): string {
  const bytes = Buffer.from(data);
  const global = bytes.subarray(0, gtrid_length);
  const branch = bytes.subarray(gtrid_length, gtrid_length + bqual_length);
  const parts = [hexadecimal(global), branch.length === 0 ? "''" : hexadecimal(branch), integer(formatID)];
  return sql`XA ROLLBACK ${list(parts)};`;
}

const preparedRow = z.strictObject({
  formatID: z.number(),
  gtrid_length: z.number(),
  bqual_length: z.number(),
  data: z.union([z.string(), z.instanceof(Uint8Array)]),
});

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
