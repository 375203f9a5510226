import type { DatabaseRef, Level, Scope } from "../catalog/catalog.view.ts";
import type { UserRef } from "../identity/user.view.ts";
import type { Instant } from "../kernel/clock.ts";
import { epochMs, minutesBetween, plusMinutes, plusMs, sooner } from "../kernel/clock.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import { type Id, idFrom, isId, ulidOf } from "../kernel/ids.ts";
import type { AlarmCause, DeadManSwitch, FailureView, GrantState } from "./grant.view.ts";

/** The ledger's record of one lent account. What it needs to take the account back is on it from the start. */
export type Grant = {
  id: Id<"grant">;
  /** ULID of the request that began it; ties events together. */
  story: string;
  requestId: Id<"request">;
  state: GrantState;
  /** Raised by every move; each move is conditional on it. */
  version: number;
  /** Names of people and databases as they were when it was approved. */
  holder: UserRef;
  database: DatabaseRef;
  networkId: Id<"network">;
  level: Level;
  scope: Scope;
  account: string;
  secretName: string;
  durationMinutes: number;
  maxTotalMinutes: number;
  createdAt: Instant;
  startedAt?: Instant;
  endsAt?: Instant;
  /** The end that the database was told; earlier than `endsAt` while an extension is on its way. */
  databaseEndsAt?: Instant;
  endedBy?: "expiry" | "holder" | "administrator" | "failure";
  revokedAt?: Instant;
  /** When the query ran that showed the account absent. */
  absentAt?: Instant;
  failure?: Failure;
  /** Not to be tried again before this. */
  nextAttemptAt?: Instant;
  /** When the timer last moved it; what only the sweeper moved has none. */
  timerSeenAt?: Instant;
  pendingExtensionId?: Id<"request">;
  /** The server that was to make the account, on record before it did: its absence counts only there.
   * Records from before this was kept have none. */
  server?: { host: string; port: number; identity: string | null };
  /** When administrators were told of what. */
  alarms?: Partial<Record<AlarmCause, Instant>>;
  writtenOff?: { at: Instant; by: UserRef; reason: string; secretDeletedAt?: Instant };
  /** The server's own id of the account: finds its sessions even when somebody dropped it by hand. */
  serverId?: number;
  /** What the database does at `databaseEndsAt` by itself; known once the account was made. */
  deadManSwitch?: DeadManSwitch;
};

/** `loginDenied` only where somebody looked. */
type Failure = Omit<FailureView, "loginDenied"> & { loginDenied?: boolean };

/** The only moves there are. */
const moves: Readonly<Record<GrantState, readonly GrantState[]>> = {
  planned: ["provisioning", "revoking"],
  provisioning: ["provisioning", "active", "revoking"],
  active: ["active", "revoking"],
  revoking: ["revoking", "quarantined", "revoked", "written-off"],
  quarantined: ["quarantined", "revoked", "written-off"],
  revoked: [],
  "written-off": ["written-off"],
};

/** Provisioning that has failed for so long is given up, visibly. */
export const provisionForMinutes = 30;

type Change = Partial<Omit<Grant, "id" | "version" | "state">>;

/** The grant after a move, its version raised.
 * @throws DomainError conflict `grant.illegal-move` when its state has no such move. */
export function moved(
  grant: Grant,
  to: GrantState,
  change: { [K in keyof Change]: Change[K] | undefined } = {},
): Grant {
  if (!moves[grant.state].includes(to)) throw illegalMove(grant, `become ${to}`);
  const next = { ...grant, ...change, state: to, version: grant.version + 1 };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Grant;
}

/** The grant with an alarm on record; its state stays as it is, also after the last one. */
export function alarmed(grant: Grant, cause: AlarmCause, now: Instant): Grant {
  return { ...grant, alarms: { ...grant.alarms, [cause]: now }, version: grant.version + 1 };
}

/** A move that its state does not have, or that would change nothing: refused, never ignored. */
export function illegalMove({ state }: Pick<Grant, "state">, what: string): DomainError {
  return conflict("grant.illegal-move", `A grant that is ${state} cannot ${what}.`, { state });
}

export function isLive(grant: Pick<Grant, "state">): boolean {
  return grant.state !== "revoked" && grant.state !== "written-off";
}

/** When the sweeper has to look at it if nobody else has until then; undefined once nothing is left to do. */
export function dueAt(grant: Grant): Instant | undefined {
  switch (grant.state) {
    case "planned":
      return plusMinutes(grant.createdAt, 2);
    case "provisioning":
      return plusMinutes(grant.nextAttemptAt ?? grant.startedAt ?? grant.createdAt, 2);
    case "active":
      return sooner(
        endOf(grant),
        needsArming(grant) ? plusMinutes(grant.nextAttemptAt ?? grant.createdAt, 2) : undefined,
      );
    case "revoking":
    case "quarantined":
      if (isUrgent(grant)) return grant.createdAt;
      return plusMs(grant.nextAttemptAt ?? grant.endsAt ?? grant.createdAt, sweeperGraceMs);
    case "written-off": {
      const { at, secretDeletedAt } = grant.writtenOff ?? {};
      return at && !secretDeletedAt ? plusMs(at, sweeperGraceMs) : undefined;
    }
    case "revoked":
      return undefined;
  }
}

/** What an operation is asked to move: this grant, as it was looked at. */
export function asSeen({ id, version }: Grant): Pick<Grant, "id" | "version"> {
  return { id, version };
}

/** What the guarantee gives a revocation (G3); later than this it is told to administrators (G6). */
export const alarmAfterMinutes = 5;

/** Should have been revoked five minutes ago, and nobody was told. */
export function isOverdue(grant: Grant, now: Instant): boolean {
  if (!isLive(grant) || grant.endsAt === undefined || grant.alarms?.["not-revoked"]) return false;
  return now >= plusMinutes(grant.endsAt, alarmAfterMinutes);
}

/** The timer acts first; the sweeper follows when it did not. */
export const sweeperGraceMs = 30_000;

/** Its end has come and it is time to take it back, or to try that again. */
export function isRevocationDue(grant: Grant, now: Instant): boolean {
  switch (grant.state) {
    case "active":
      return now >= (grant.endsAt ?? grant.createdAt);
    case "revoking":
    case "quarantined":
      return grant.nextAttemptAt === undefined || now >= grant.nextAttemptAt;
    case "planned":
    case "provisioning":
    case "revoked":
    case "written-off":
      return false;
  }
}

/** Ended before its time and not tried yet: the database does not refuse it by itself, so it goes before the others. */
export function isUrgent(grant: Grant): boolean {
  return (
    grant.state === "revoking" &&
    grant.failure === undefined &&
    (grant.endedBy === "holder" || grant.endedBy === "administrator")
  );
}

function endOf(grant: Grant): Instant {
  return plusMs(grant.endsAt ?? grant.createdAt, sweeperGraceMs);
}

/** The end was moved and the database does not know yet. */
export function needsArming(grant: Grant): boolean {
  return grant.state === "active" && grant.endsAt !== grant.databaseEndsAt;
}

/** A grant whose account lets its holder in: made, and not at its end yet. */
export type RunningGrant = Grant & { state: "active"; startedAt: Instant; endsAt: Instant };

export function isRunning(grant: Grant, now: Instant): grant is RunningGrant {
  return grant.state === "active" && !!grant.startedAt && !!grant.endsAt && now < grant.endsAt;
}

/** The grant with its end moved; the database is told next. */
export function extendedGrant(grant: Grant | undefined, minutes: number, now: Instant): Grant {
  if (!grant || !isRunning(grant, now)) {
    throw conflict("grant.not-active", "The access has ended; there is nothing left to extend.");
  }
  return moved(grant, "active", {
    endsAt: plusMinutes(grant.endsAt, minutes),
    pendingExtensionId: undefined,
  });
}

export function maxExtensionMinutes(grant: Grant, now: Instant): number {
  if (!isRunning(grant, now)) return 0;
  return Math.max(0, Math.floor(grant.maxTotalMinutes - minutesBetween(grant.startedAt, grant.endsAt)));
}

/** What went wrong, counted up from what went wrong before in the same step. */
export function failed(
  grant: Grant,
  now: Instant,
  failure: Omit<Failure, "since" | "attempts">,
  random: number,
): { failure: Failure; nextAttemptAt: Instant } {
  const before = grant.failure?.step === failure.step ? grant.failure : undefined;
  const attempts = (before?.attempts ?? 0) + 1;
  return {
    failure: { ...failure, since: before?.since ?? now, attempts },
    nextAttemptAt: plusMs(now, backoffMs(attempts, random)),
  };
}

/** 10 s doubling to 3 min, less up to a fifth so that many do not come back at once. With the sweeper's grace and its
 * minute this leaves half a minute of the five that a database may take to be clean again once it answers. */
export function backoffMs(attempts: number, random: number): number {
  return Math.min(10_000 * 2 ** Math.min(attempts - 1, 10), 180_000) * (1 - 0.2 * random);
}

export function grantIdOf(requestId: Id<"request">): Id<"grant"> {
  return idFrom("grant", ulidOf(requestId));
}

/** At most 32 bytes with the unique part first, as MySQL wants; lower case, as PostgreSQL folds names. */
export function accountName(grantId: Id<"grant">): string {
  return `dp_${ulidOf(grantId).toLowerCase()}`;
}

/** The grant whose account has this name; undefined for names that are none of ours. */
export function grantIdOfAccount(name: string): Id<"grant"> | undefined {
  const id = name.replace(/^dp_/, "grt_").toUpperCase().replace(/^GRT/, "grt");
  return isId("grant", id) && accountName(id) === name ? id : undefined;
}

export function secretNameOf(stack: string, grantId: Id<"grant">): string {
  return `daypass/${stack}/grants/${grantId}`;
}

/** Provisioning has been failing for too long. */
export function isGivenUp(grant: Grant, now: Instant): boolean {
  return (
    grant.failure?.step === "provision" &&
    epochMs(now) - epochMs(grant.failure.since) > provisionForMinutes * 60_000
  );
}
