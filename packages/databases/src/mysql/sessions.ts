import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { asImpatientAdministrator, type Session } from "./connection.ts";
import { killings, killRight, killSession } from "./dialect.ts";
import { errorNumber, isRefusal } from "./failure.ts";
import { look, type Seen } from "./look.ts";
import { showGrants } from "./show-grants.ts";
import { type Sight, sightOf } from "./sight.ts";

/** `left` are sessions of the account; `doubtful` are those that may be its, and were not seen to be somebody else's. */
export type EndedSessions = {
  ended: number;
  left: number;
  doubtful: readonly Seen[];
  refused: boolean;
  sight: Sight;
};

const patienceMs = 10_000;
/** How long a login or a change of user may be under way before it is cut off, whoever it claims to be. */
const halfOpenMs = 3_000;
const pauseBetweenMs = 5;

/**
 * Ends every session of that user, from whatever host, also after the account was dropped, and looks until none is left
 * and none is in doubt. What is in doubt at the first look stays so until it is gone or was seen to be somebody's own;
 * later ones cannot be the account's, since it lets nobody in any more.
 */
export async function endSessions(session: Session, target: Target, name: string): Promise<EndedSessions> {
  const sight = await sightOf(session, target.administrator.username);
  if (sight.kind === "none") return endUnseen(session, target, name, sight);
  const ended = new Set<number>();
  let doubtfulIds: ReadonlySet<number> | undefined;
  const startedAt = performance.now();
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const seen = await look(session, sight, name);
    const own = seen.filter(({ what }) => what === "own");
    const doubtful = seen.filter(
      ({ id, what }) => what !== "own" && (doubtfulIds === undefined || doubtfulIds.has(id)),
    );
    if (own.length === 0 && doubtful.length === 0) {
      return { ended: ended.size, left: 0, doubtful, refused: false, sight };
    }
    // One that was seen as the account's may begin another change of user.
    doubtfulIds = new Set([...own, ...doubtful].map(({ id }) => id));
    const waitedMs = performance.now() - startedAt;
    const stalled = doubtful.filter(({ what }) => what === "half-open" && waitedMs > halfOpenMs);
    await endAll(session, target, stalled);
    const refused = !(await endAll(session, target, own));
    for (const { id } of own) ended.add(id);
    if (refused || waitedMs > patienceMs) {
      return { ended: ended.size - own.length, left: own.length, doubtful, refused, sight };
    }
    await sleep(pauseMs);
  }
}

/**
 * Ends what MySQL's list of processes shows, where there is nothing better. That is never all, and the list may hang, and
 * hold the session that asked for it as long as it hangs: so a session of its own asks, only one at a time.
 */
async function endUnseen(
  session: Session,
  target: Target,
  name: string,
  sight: Sight,
): Promise<EndedSessions> {
  const shown = await asImpatientAdministrator(target, listPatienceMs, async (other) => {
    const [guard] = await other.rows(guardRow, "SELECT GET_LOCK('daypass list of processes', 0) AS got");
    if (guard?.got !== 1) return [];
    return other.rows(
      shownRow,
      "SELECT ID AS id, USER AS name FROM information_schema.PROCESSLIST WHERE USER = ? AND ID <> CONNECTION_ID()",
      [name],
    );
  }).catch((error: unknown) => {
    if (error instanceof EngineError && error.kind === "unreachable") return [];
    throw error;
  });
  const own = shown.filter((one) => one.name === name).map(({ id }) => ({ id, name, what: "own" as const }));
  const refused = !(await endAll(session, target, own));
  return { ended: refused ? 0 : own.length, left: refused ? own.length : 0, doubtful: [], refused, sight };
}

const listPatienceMs = 3_000;
const guardRow = z.strictObject({ got: z.number().nullable() });
const shownRow = z.strictObject({ id: z.number(), name: z.string() });

/** Undefined where the server does not show it. */
export async function countSessions(
  session: Session,
  administrator: string,
  name: string,
): Promise<number | undefined> {
  const sight = await sightOf(session, administrator);
  if (sight.kind === "none") return undefined;
  return (await look(session, sight, name)).filter(({ what }) => what === "own").length;
}

/** The right to end sessions of others, or a procedure that does it. */
export async function mayKill(session: Session): Promise<boolean> {
  const grants = await showGrants(session, "me");
  const rights = new Set(grants.filter(({ object }) => object === "*.*").flatMap((one) => one.privileges));
  if (["ALL PRIVILEGES", "SUPER", killRight(session.dialect)].some((right) => rights.has(right))) return true;
  const [found] = await session.rows(
    z.strictObject({ procedures: z.number() }),
    "SELECT COUNT(*) AS procedures FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'mysql' AND ROUTINE_NAME = 'rds_kill'",
  );
  return found?.procedures === 1;
}

/**
 * False when the server does not let us, in any of the ways that it knows. One at a time.
 *
 * To end a session, MySQL holds on to it and then waits for the lock of its accounts, which that very session may have
 * while it changes its password and waits for us: the whole server stands still until we go away. So a session of its own
 * does it there, which is broken off after a second.
 */
async function endAll(session: Session, target: Target, sessions: readonly Seen[]): Promise<boolean> {
  if (sessions.length === 0) return true;
  if (session.dialect.flavour === "mariadb") return endEach(session, sessions);
  try {
    return await asImpatientAdministrator(target, 1_000, (other) => endEach(other, sessions));
  } catch (error) {
    // 1040: this server has no second slot for us.
    if (errorNumber(error) === 1040) return endEach(session, sessions);
    if (error instanceof EngineError && error.kind === "unreachable") return true;
    throw error;
  }
}

async function endEach(session: Session, sessions: readonly Seen[]): Promise<boolean> {
  for (const { id } of sessions) {
    if (!(await endOne(session, id))) return false;
    await sleep(pauseBetweenMs);
  }
  return true;
}

async function endOne(session: Session, id: number): Promise<boolean> {
  for (const how of killings) {
    try {
      await session.run(killSession(session.dialect, how, id));
      return true;
    } catch (error) {
      // 1094: it is gone, which is what we want. 1305: there is no such procedure.
      if (errorNumber(error) === 1094) return true;
      if (!isRefusal(error) && errorNumber(error) !== 1305) throw error;
    }
  }
  return false;
}
