import { z } from "zod";
import { epochMs, type Instant, instantOf, instantSchema, plusMs } from "../kernel/clock.ts";
import type { Grant } from "./grant.ts";
import type { Errand } from "./slot.ts";

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

export function isUnreachable(turn: Turn): boolean {
  return turn.next === "wait" && turn.because === "unreachable";
}

/** All slots of the server are taken. The longer a grant has waited, the more wait with it, and the later it looks again:
 * about half as long again as it has waited. Accounts that are to be taken back are in the hands of those who hold the
 * slots, so that their own timers may look seldom; nobody but its own timer makes an account. What somebody ended early has
 * few timers that look, and a minute: they look soon, to go on where a holder has to stop. */
export function waitForSlot(errand: Errand | "urgent", now: Instant, since: Instant, random: number): Turn {
  const { firstMs, mostMs } = patience[errand];
  const waitedMs = Math.max(0, epochMs(now) - epochMs(since));
  const ms = Math.min(firstMs + waitedMs / 2, mostMs) * (0.5 + random);
  return { ...waitUntil(plusMs(now, ms)), because: "no-slot" };
}

const patience: Readonly<Record<Errand | "urgent", { firstMs: number; mostMs: number }>> = {
  urgent: { firstMs: 5_000, mostMs: 20_000 },
  revoke: { firstMs: 80_000, mostMs: 200_000 },
  other: { firstMs: 5_000, mostMs: 60_000 },
};

/** Something failed here, and it is not yet time to try it again. */
export function isEarly(grant: Grant, now: Instant): grant is Grant & { nextAttemptAt: Instant } {
  return grant.nextAttemptAt !== undefined && now < grant.nextAttemptAt;
}
