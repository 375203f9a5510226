import { z } from "zod";
import type { Session } from "./connection.ts";
import { isConnection, type Sight, threads } from "./sight.ts";

/**
 * One session that is the account's (`own`), or may turn out to be: it is in the middle of an authentication
 * (`half-open`), or it may run code in the name of that code's definer (`lent-name`).
 */
export type Seen = { id: number; what: "own" | "half-open" | "lent-name"; name: string };

/** What concerns this account in one look; sessions that are certainly others' are not among it. */
export async function look(session: Session, sight: Sight, name: string): Promise<Seen[]> {
  const found: Seen[] = [];
  if (sight.kind === "true") found.push(...(await trueUsers(session, name)));
  if (session.dialect.flavour === "mariadb") {
    const known = new Set(found.map((one) => one.id));
    const present = await presentUsers(session, name);
    // Where the true user is known, a half-open session or a lent name is told from it; a name of its own only adds.
    found.push(
      ...present.filter(({ id, what }) => (sight.kind === "true" ? what === "own" && !known.has(id) : true)),
    );
  }
  return found;
}

/** The sessions of everybody, by user, for a list. Undefined where they are not seen. */
export async function countByUser(session: Session, sight: Sight): Promise<Map<string, number> | undefined> {
  if (sight.kind === "none") return undefined;
  const users = await session.rows(
    z.strictObject({ name: z.string() }),
    sight.kind === "true"
      ? `SELECT coalesce(PROCESSLIST_USER, '') AS name FROM ${threads} WHERE ${isConnection}`
      : "SELECT USER AS name FROM information_schema.PROCESSLIST",
  );
  const counted = new Map<string, number>();
  for (const { name } of users) counted.set(name, (counted.get(name) ?? 0) + 1);
  return counted;
}

async function trueUsers(session: Session, name: string): Promise<Seen[]> {
  const rows = await session.rows(
    row,
    `SELECT PROCESSLIST_ID AS id, coalesce(PROCESSLIST_USER, '') AS name,
       PROCESSLIST_USER IS NULL OR coalesce(PROCESSLIST_COMMAND, '') = 'Change user' AS halfOpen, 0 AS lent
     FROM ${threads} WHERE ${isConnection} AND PROCESSLIST_ID <> CONNECTION_ID()
       AND (PROCESSLIST_USER = ? OR PROCESSLIST_USER IS NULL OR PROCESSLIST_COMMAND = 'Change user')`,
    [name],
  );
  return rows.flatMap((one) => toSeen(one, name));
}

/** MariaDB alone: whom the list of processes names. */
async function presentUsers(session: Session, name: string): Promise<Seen[]> {
  const rows = await session.rows(
    row,
    `SELECT id, name, halfOpen, lent FROM (
       SELECT ID AS id, USER AS name, COMMAND = 'Change user' AS halfOpen,
         ${mayBeLent} AS lent
       FROM information_schema.PROCESSLIST AS p WHERE ID <> CONNECTION_ID()
     ) AS seen WHERE name = ? OR halfOpen OR lent`,
    [name],
  );
  return rows.flatMap((one) => toSeen(one, name));
}

/**
 * In code of a definer a session shows the user and the host that the definer's account is written with, and a session
 * that is just itself shows its own address: one that cannot be the former, or runs no statement, is not in doubt.
 */
export const mayBeLent = `(COMMAND NOT IN ('Sleep', 'Daemon', 'Connect', 'Change user', 'Binlog Dump') AND COMMAND NOT LIKE 'Slave%'
           AND (USER = 'unauthenticated user' OR EXISTS (SELECT 1 FROM mysql.global_priv AS known
             WHERE CAST(known.User AS BINARY) = CAST(p.USER AS BINARY)
               AND known.Host IN (LEFT(p.HOST, CHAR_LENGTH(p.HOST) - LOCATE(':', REVERSE(p.HOST))), ''))))`;

const row = z.strictObject({ id: z.number(), name: z.string(), halfOpen: z.number(), lent: z.number() });

/** The server compares names of users without case there; an account of somebody else is not ours for that. */
function toSeen({ id, name, halfOpen, lent }: z.infer<typeof row>, ours: string): Seen[] {
  if (name === ours) return [{ id, name, what: "own" }];
  if (lent === 1) return [{ id, name, what: "lent-name" }];
  return halfOpen === 1 ? [{ id, name, what: "half-open" }] : [];
}
