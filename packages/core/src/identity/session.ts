import { epochMs, type Instant, minutesBetween, plusMinutes } from "../kernel/clock.ts";
import type { Settings } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { derived, isSame } from "./random-secret.ts";
import type { User } from "./user.ts";

/** A person signed in at the page. The cookie holds a secret, the table only its hash. */
export type Session = {
  idHash: string;
  userId: Id<"user">;
  createdAt: Instant;
  /** Last known use; up to a few minutes late. */
  touchedAt: Instant;
  /** Over then, however much it is used. */
  endsAt: Instant;
};

/** What the page has to know of its own session. */
export type SessionFacts = { csrfToken: string; endsAt: Instant };

export function begun(
  idHash: string,
  userId: Id<"user">,
  now: Instant,
  settings: Pick<Settings["session"], "absoluteMinutes">,
): Session {
  const endsAt = plusMinutes(now, settings.absoluteMinutes);
  return { idHash, userId, createdAt: now, touchedAt: now, endsAt };
}

/** Not past its end, not left alone for too long, and not ended together with the user's others. */
export function isOpen(
  session: Session,
  user: Pick<User, "sessionsEndedAt">,
  now: Instant,
  { idleMinutes }: Pick<Settings["session"], "idleMinutes">,
): boolean {
  if (now >= session.endsAt) return false;
  if (minutesBetween(session.touchedAt, now) >= idleMinutes) return false;
  return user.sessionsEndedAt === undefined || session.createdAt > user.sessionsEndedAt;
}

/** Every use would be a write; a few minutes of an idle limit of hours do not matter. */
export function needsTouch(
  lastUsed: Instant | undefined,
  now: Instant,
  { idleMinutes }: Pick<Settings["session"], "idleMinutes">,
): boolean {
  return lastUsed === undefined || minutesBetween(lastUsed, now) >= Math.min(5, idleMinutes / 5);
}

/** Follows from the cookie's secret, which another site can make the browser send but never read. */
export function csrfTokenOf(secret: string): string {
  return derived(secret, "csrf");
}

export function isCsrfToken(facts: SessionFacts, header: string | undefined): boolean {
  return header !== undefined && isSame(header, facts.csrfToken);
}

/** For DynamoDB's garbage collection. */
export function secondsOf(instant: Instant): number {
  return Math.ceil(epochMs(instant) / 1000);
}
