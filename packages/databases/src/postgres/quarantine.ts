import type { AccountRef, EngineError, Revocation, Target } from "../engine.ts";
import { findBlockers } from "./blockers.ts";
import type { Session } from "./connection.ts";
import { isLockTimeout, isOutOfLocks, sqlState } from "./failure.ts";
import { describeHolder, type Holder, holderRemedy } from "./lock-holders.ts";
import { findRole } from "./role.ts";
import { countSessions } from "./sessions.ts";

export type Trail = { sessionsEnded: number; databasesVisited: Set<string>; keptObjects: Set<string> };

/** `kept` are memberships that the administrator may not take away, as statements for a person. */
export type Stuck = { kept: readonly string[]; holders: readonly Holder[]; failures: readonly EngineError[] };

type Quarantine = Extract<Revocation, { status: "quarantined" }>;

/** Undefined when the account is gone by now: another revocation was quicker. */
export async function quarantined(
  session: Session,
  target: Target,
  account: AccountRef,
  trail: Trail,
  { kept, holders, failures }: Stuck,
): Promise<Quarantine | undefined> {
  const role = await findRole(session, account.name);
  if (role === undefined) return undefined;
  const found = await findBlockers(session, target, role);
  const sessionsLeft = await countSessions(session, role.oid);
  return {
    status: "quarantined",
    reason: reasonOf(failures, holders, found.owned),
    loginDenied: !role.canLogin,
    sessionsLeft,
    sessionsEnded: trail.sessionsEnded,
    databasesVisited: [...trail.databasesVisited],
    blockers: unique([
      ...failures.map((failure) => failure.message),
      ...holders.map(describeHolder),
      ...(sessionsLeft > 0 ? [`${sessionsLeft} of its sessions are open`] : []),
      ...found.blockers,
    ]),
    remedy: [
      ...kept,
      ...unique(holders.flatMap(holderRemedy)),
      ...unique(failures.flatMap((failure) => failure.remedy)),
      ...found.remedy,
    ],
  };
}

function reasonOf(
  failures: readonly EngineError[],
  holders: readonly Holder[],
  owned: boolean,
): Quarantine["reason"] {
  if (holders.length > 0 || failures.some(isLockTimeout)) return "lock";
  if (failures.some(isOutOfLocks)) return "capacity";
  if (owned) return "owned-objects";
  // What still depends on the account (2BP01) are rights that someone else gave it and only they can take back.
  const isPermission = (failure: EngineError) =>
    failure.kind === "permission" || sqlState(failure) === "2BP01";
  return failures.some(isPermission) ? "permission" : "other";
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
