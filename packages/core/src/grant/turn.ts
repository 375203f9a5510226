import { epochMs, type Instant, instantOf } from "../kernel/clock.ts";
import type { Grant } from "./grant.ts";

/** What the timer does next: sleep until a moment and look again, look again at once, or stop for good. */
export type Turn = { next: "wait"; until: Instant } | { next: "again" } | { next: "done" };

/** Step Functions wakes on whole seconds: rounded up, so that it never looks too early. */
export function waitUntil(instant: Instant): Turn {
  return { next: "wait", until: instantOf(Math.ceil(epochMs(instant) / 1000) * 1000) };
}

/** Until its next attempt. */
export function waitFor(grant: Grant): Turn {
  return grant.nextAttemptAt ? waitUntil(grant.nextAttemptAt) : { next: "again" };
}

/** Something failed here, and it is not yet time to try it again. */
export function isEarly(grant: Grant, now: Instant): grant is Grant & { nextAttemptAt: Instant } {
  return grant.nextAttemptAt !== undefined && now < grant.nextAttemptAt;
}
