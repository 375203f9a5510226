import { z } from "zod";
import { type DeadManSwitch, EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import type { Killing } from "./dialect.ts";
import { isRefusal } from "./failure.ts";
import { registerStatements } from "./install.ts";
import { registerName } from "./names.ts";
import { identifier, literal, qualified, sql } from "./quote.ts";
import { reaperComment, reaperStatement } from "./reaper.ts";
import { readIdentity } from "./register.ts";
import { mayKill } from "./sessions.ts";
import { sightOf } from "./sight.ts";

/**
 * Makes the stack's own schema on this server when it is missing: the register, the identity, and the event that ends
 * accounts by itself. Answers what that event will do.
 */
export async function ensureRegister(session: Session, target: Target): Promise<DeadManSwitch> {
  await requireSight(session, target);
  if ((await readIdentity(session, target.stack)) === undefined) await makeRegister(session, target);
  const killing = await chooseKilling(session);
  const comment = reaperComment(session.dialect, target.stack, killing);
  const found = await readReaper(session, target.stack);
  const isAsMeant = found?.comment === comment && found.status === "ENABLED" && found.definer === found.me;
  if (!isAsMeant && !(await writeReaper(session, target.stack, killing, found !== undefined))) return "none";
  return (await readScheduler(session)) === "ON" && (await mayKill(session)) ? "drop" : "none";
}

/** Nothing is lent where nobody could see that its sessions have ended. */
async function requireSight(session: Session, target: Target): Promise<void> {
  const sight = await sightOf(session, target.administrator.username);
  if (sight.kind !== "none") return;
  throw new EngineError("permission", `whose a session is cannot be seen on this server: ${sight.because}`, {
    remedy: sight.remedy,
  });
}

/** False when the server refuses: MySQL lets nobody change an event that belongs to somebody with SYSTEM_USER, and it
 * belongs to whoever changed it last. */
async function writeReaper(
  session: Session,
  stack: string,
  killing: Killing,
  isThere: boolean,
): Promise<boolean> {
  const verb = isThere ? "ALTER EVENT" : "CREATE EVENT IF NOT EXISTS";
  try {
    await session.run(reaperStatement(verb, session.dialect, stack, killing));
    return true;
  } catch (error) {
    if (isThere && isRefusal(error)) return false;
    throw error;
  }
}

/**
 * A number of our own in the register, made with it: it goes where the data goes, through failovers and promotions,
 * where the servers' own (`server_uuid`, `server_uid`) stay with the machine. Null where there may be no register.
 */
export async function serverIdentity(target: Target): Promise<string | null> {
  return asAdministrator(target, async (session) => {
    try {
      const before = await readIdentity(session, target.stack);
      if (before === undefined) await makeRegister(session, target);
      const identity = before ?? (await readIdentity(session, target.stack));
      return identity === undefined ? null : `mysql:${identity}`;
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  });
}

export async function readScheduler(session: Session): Promise<string> {
  const [row] = await session.rows(
    z.strictObject({ scheduler: z.string() }),
    "SELECT @@event_scheduler AS scheduler",
  );
  return row?.scheduler ?? "OFF";
}

export type Reaper = { status: string; comment: string; definer: string; me: string };

export async function readReaper(session: Session, stack: string): Promise<Reaper | undefined> {
  const [row] = await session.rows(
    z.strictObject({ status: z.string(), comment: z.string(), definer: z.string(), me: z.string() }),
    `SELECT STATUS AS status, EVENT_COMMENT AS comment, DEFINER AS definer, CURRENT_USER() AS me
     FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${literal(registerName(stack))} AND EVENT_NAME = 'reaper'`,
  );
  return row;
}

async function chooseKilling(session: Session): Promise<Killing> {
  const [found] = await session.rows(
    z.strictObject({ procedures: z.number() }),
    "SELECT COUNT(*) AS procedures FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'mysql' AND ROUTINE_NAME = 'rds_kill'",
  );
  return found?.procedures === 1 ? "rds" : "id";
}

async function makeRegister(session: Session, target: Target): Promise<void> {
  const schema = registerName(target.stack);
  try {
    for (const text of registerTables(schema)) await session.run(text);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new EngineError("permission", `the administrator may not make its own schema ${schema}`, {
      cause: error,
      remedy: registerStatements(session.dialect, target.stack, target.administrator.username),
    });
  }
}

function registerTables(schema: string): string[] {
  const ascii = "CHARACTER SET ascii COLLATE ascii_bin";
  const server = qualified(schema, "server");
  return [
    sql`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`,
    sql`CREATE TABLE IF NOT EXISTS ${qualified(schema, "account")} (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(32) ${ascii} NOT NULL,
  grant_id VARCHAR(64) ${ascii} NOT NULL,
  mark VARCHAR(100) ${ascii} NOT NULL,
  database_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state ENUM('opening', 'open', 'expired', 'closed') NOT NULL,
  ends_at_ms BIGINT NOT NULL,
  rights MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  changed_at_ms BIGINT NOT NULL DEFAULT 0,
  dropped_at_ms BIGINT NULL,
  error VARCHAR(300) CHARACTER SET utf8mb4 NULL,
  UNIQUE KEY by_name (name),
  KEY due (dropped_at_ms, ends_at_ms)
) ENGINE = InnoDB COMMENT = 'Accounts that Daypass lent. Do not edit.'`,
    sql`CREATE TABLE IF NOT EXISTS ${server} (
  one TINYINT NOT NULL PRIMARY KEY,
  identity CHAR(36) ${ascii} NOT NULL,
  reaping_until_ms BIGINT NOT NULL DEFAULT 0,
  reaped_at_ms BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB COMMENT = 'This server, as Daypass knows it. Do not edit.'`,
    sql`INSERT IGNORE INTO ${server} (one, identity) VALUES (1, UUID())`,
  ];
}
