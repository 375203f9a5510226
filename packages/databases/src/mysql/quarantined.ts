import type { AccountRef, EngineError, QuarantineReason, Revocation, Target } from "../engine.ts";
import { type Account, findAccounts } from "./accounts.ts";
import type { Session } from "./connection.ts";
import type { Closed } from "./deny.ts";
import { isDefiner, isLockTimeout, isRefusal } from "./failure.ts";
import { serverRights } from "./held-rights.ts";
import { grantServerRights } from "./install.ts";
import { definedBy, definedByQuery, type Leftover } from "./leftovers.ts";
import { account as quoted, sql } from "./quote.ts";
import { countSessions, type EndedSessions } from "./sessions.ts";
import { showGrants } from "./show-grants.ts";

type Outcome = { closed: Closed; sessions: EndedSessions; failures: readonly EngineError[] };

/** How far it came, why not further, and what a person may run. */
export async function quarantined(
  session: Session,
  target: Target,
  { name }: AccountRef,
  { closed, sessions, failures }: Outcome,
): Promise<Revocation> {
  const found = await findAccounts(session, name);
  // Not seen is not none: what is in doubt counts as left.
  const seen = await countSessions(session, target.administrator.username, name);
  const sessionsLeft = (seen ?? Math.max(1, sessions.left)) + sessions.doubtful.length;
  const definer = failures.some(isDefiner);
  const databases = closed.entry === undefined ? [] : [closed.entry.database];
  const leftovers = definer ? await definedBy(session, name, databases) : [];
  const isDenied = failures.some(isDenial);
  return {
    status: "quarantined",
    reason: reasonOf(failures, definer),
    loginDenied: found.every((one) => one.locked),
    sessionsLeft,
    sessionsEnded: sessions.ended,
    databasesVisited: [],
    blockers: [
      ...failures.map(({ message }) => message),
      ...(sessions.left > 0 ? [`${sessions.left} of its sessions are open`] : []),
      ...(leftovers ?? []).map((one) => `definer of ${one.description}`),
      ...(definer ? ["what the administrator may not see is not named: the query finds it"] : []),
    ],
    remedy: [
      ...(isDenied && found.length > 0 ? await rightsRemedy(session, target, found) : []),
      ...failures.flatMap(({ remedy }) => remedy),
      ...(definer ? [definedByQuery(name)] : []),
      ...(leftovers ?? []).map((one: Leftover) => one.remedy),
      ...found.map((one) => sql`DROP USER ${quoted(one.name, one.host)};`),
    ],
  };
}

function isDenial(failure: EngineError): boolean {
  return isRefusal(failure) || failure.kind === "permission";
}

async function rightsRemedy(
  session: Session,
  { administrator }: Target,
  found: readonly Account[],
): Promise<string[]> {
  return [
    ...(await lessenings(session, found)),
    ...grantServerRights(session.dialect, administrator.username),
  ];
}

/** MySQL lets only those with SYSTEM_USER touch one who has it, and so much we never ask for. */
async function lessenings(session: Session, found: readonly Account[]): Promise<string[]> {
  if (session.dialect.flavour === "mariadb") return [];
  const statements: string[] = [];
  for (const { name, host } of found) {
    if (serverRights(await showGrants(session, { name, host })).has("SYSTEM_USER"))
      statements.push(sql`REVOKE SYSTEM_USER ON *.* FROM ${quoted(name, host)};`);
  }
  return statements;
}

/** The first failure is the most severe: that the account is there, then its sessions, then what they prepared. */
function reasonOf(failures: readonly EngineError[], definer: boolean): QuarantineReason {
  const [first] = failures;
  if (definer) return "owned-objects";
  if (first === undefined) return "other";
  if (isLockTimeout(first)) return "lock";
  if (isDenial(first)) return "permission";
  return first.kind === "conflict" ? "lock" : "other";
}
