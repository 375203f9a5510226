import type { PolicyHours } from "./policy.ts";
import { dayMs, minuteMs, offsetMs, wallMs, weekdayOf } from "./time-zone.ts";

/**
 * Whether access may start at this instant. The window says when access may start (and be asked for, and
 * extended); it does not shorten what started inside it: 4 h begun at 17:59 of a window to 18:00 last 4 h.
 * Read off the wall clock of the zone, so an hour that the clocks skip is in no window and one that they
 * repeat is in it twice.
 */
export function withinHours(hours: PolicyHours, atMs: number): boolean {
  const wall = wallMs(atMs, hours.timeZone);
  const minute = modulo(Math.floor(wall / minuteMs), 1440);
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  const startsOn = (wallStart: number) => hours.weekdays.includes(weekdayOf(wallStart));
  if (from < to) return from <= minute && minute < to && startsOn(wall);
  // Past midnight: the hours before `to` belong to the weekday before.
  return (minute >= from && startsOn(wall)) || (minute < to && startsOn(wall - dayMs));
}

/** The first instant from `atMs` on at which access may start, or null when there is none within 15 days. */
export function nextStart(hours: PolicyHours, atMs: number): number | null {
  if (withinHours(hours, atMs)) return atMs;
  const wallMidnight = Math.floor(wallMs(atMs, hours.timeZone) / dayMs) * dayMs;
  for (let day = 0; day <= daysAhead; day += 1) {
    const midnight = wallMidnight + day * dayMs;
    const first = instantsAround(midnight, hours)
      .filter((instant) => Math.floor(wallMs(instant, hours.timeZone) / dayMs) * dayMs === midnight)
      .filter((instant) => instant > atMs && withinHours(hours, instant))
      .toSorted((a, b) => a - b)[0];
    if (first !== undefined) return first;
  }
  return null;
}

/** A window of one weekday that the clocks skip this week is there again the week after. */
const daysAhead = 15;

/**
 * The only instants of a day at which a window can begin: midnight and `from` under either offset of the day, and
 * the change between the two itself, which may jump into a window.
 */
function instantsAround(wallMidnight: number, hours: PolicyHours): readonly number[] {
  const early = wallMidnight - dayMs;
  const late = wallMidnight + 2 * dayMs;
  const offsets = [offsetMs(early, hours.timeZone), offsetMs(late, hours.timeZone)] as const;
  const walls = [wallMidnight, wallMidnight + minuteOf(hours.from) * minuteMs];
  const instants = walls.flatMap((wall) => offsets.map((offset) => wall - offset));
  return offsets[0] === offsets[1] ? instants : [...instants, changeBetween(early, late, hours.timeZone)];
}

/** The first millisecond under the later offset. */
function changeBetween(early: number, late: number, timeZone: string): number {
  const before = offsetMs(early, timeZone);
  let [low, high] = [early, late];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** "24:00" is the end of the day. */
function minuteOf(wallTime: string): number {
  return Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3, 5));
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
