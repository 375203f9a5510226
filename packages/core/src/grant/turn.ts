import { z } from "zod";
import { epochMs, type Instant, instantOf, instantSchema, plusMs } from "../kernel/clock.ts";
import type { Grant } from "./grant.ts";

/** What the timer does next: sleep until a moment and look again, look again at once, or stop for good. `because` is for
 * the sweeper: the server was not reached, or all its slots are taken and nothing was tried. */
export const turnSchema = z.discriminatedUnion("next", [
  z.strictObject({
    next: z.literal("wait"),
    until: instantSchema,
    because: z.enum(["no-slot", "unreachable"]).optional(),
  }),
  z.strictObject({ next: z.literal("again") }),
  z.strictObject({ next: z.literal("done") }),
]);
export type Turn = z.output<typeof turnSchema>;

/** Step Functions wakes on whole seconds: rounded up, so that it never looks too early. */
export function waitUntil(instant: Instant): Turn & { next: "wait" } {
  return { next: "wait", until: instantOf(Math.ceil(epochMs(instant) / 1000) * 1000) };
}

/** Until its next attempt. */
export function waitFor(grant: Grant): Turn {
  return grant.nextAttemptAt ? waitUntil(grant.nextAttemptAt) : { next: "again" };
}

/** The server could not be reached. */
export function waitForServer(grant: Grant): Turn {
  const turn = waitFor(grant);
  return turn.next === "wait" ? { ...turn, because: "unreachable" } : turn;
}

/** All slots of the server are taken. The longer a grant has waited, the more wait with it, and the later it looks again:
 * 2 to 8 s at first, then about half as long again as it has waited, up to a minute and a half. */
export function waitForSlot(now: Instant, since: Instant, random: number): Turn {
  const waitedMs = Math.max(0, epochMs(now) - epochMs(since));
  const ms = Math.min(5_000 + waitedMs / 2, 60_000) * (0.5 + random);
  return { ...waitUntil(plusMs(now, ms)), because: "no-slot" };
}

/** Something failed here, and it is not yet time to try it again. */
export function isEarly(grant: Grant, now: Instant): grant is Grant & { nextAttemptAt: Instant } {
  return grant.nextAttemptAt !== undefined && now < grant.nextAttemptAt;
}
