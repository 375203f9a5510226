import { type Clock, type Instant, instantOf, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Ids } from "@daypass/core/kernel/ids.ts";
import { encodeTime } from "ulid";

/** A clock that stands still until it is told to move; sleeping moves nothing and takes no time. */
export type MovableClock = Clock & {
  advance(by: { ms?: number; minutes?: number; hours?: number; days?: number }): Instant;
};

/** Noon of an ordinary Tuesday. */
const start = Date.UTC(2026, 5, 9, 12);

export function createClock(): MovableClock {
  let now = instantOf(start);
  return {
    now: () => now,
    sleep: () => Promise.resolve(),
    advance({ ms = 0, minutes = 0, hours = 0, days = 0 }) {
      now = plusMs(now, ms + ((days * 24 + hours) * 60 + minutes) * 60_000);
      return now;
    },
  };
}

/** ULIDs of the clock's time that count up, so that a test can be repeated and its ids sort as they were made. */
export function createIds(clock: Clock): Ids {
  let made = 0;
  return {
    ulid() {
      made += 1;
      const counted = Array.from(made.toString(32), (digit) => crockford[Number.parseInt(digit, 32)]).join(
        "",
      );
      return `${encodeTime(Date.parse(clock.now()), 10)}${counted.padStart(16, "0")}`;
    },
  };
}
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
