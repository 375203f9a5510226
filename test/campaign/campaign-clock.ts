import { type Clock, type Instant, instantOf } from "@daypass/core/kernel/clock.ts";
import { type MovableClock, machineClock } from "@daypass/local/aws/server/clock.ts";

/** The clock of one installation: that of the machine, some way behind or ahead, which runs on and can be moved on.
 * Timers, sweeper and ledger live by it; a database server lives by the machine's. */
export type CampaignClock = Clock & {
  machine: MovableClock;
  nowMs(): number;
  until(epochMs: number): Promise<void>;
  /** Jumps ahead. */
  advance(milliseconds: number): void;
};

/** `behindMs`: how far behind the machine's clock it begins, so that the end of a grant of an hour can be seconds away
 * by the clock of the database. */
export function createCampaignClock(behindMs = 0): CampaignClock {
  const machine = machineClock(() => Date.now() - behindMs);
  return {
    machine,
    now: (): Instant => instantOf(machine.now()),
    nowMs: () => machine.now(),
    sleep: (milliseconds) => machine.until(machine.now() + milliseconds),
    until: (epochMs) => machine.until(epochMs),
    advance: (milliseconds) => machine.advance(milliseconds),
  };
}
