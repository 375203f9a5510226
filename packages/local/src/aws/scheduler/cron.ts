/** The values that each field allows. Days are met by the month or by the week, of which AWS wants one to be `?`. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 1 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

const monthNames = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdayNames = "SUN MON TUE WED THU FRI SAT".split(" ");
const dayMs = 86_400_000;
const farthestYears = 100;

/** Six fields with numbers, names, `*`, `?`, lists, ranges and steps. Undefined for anything else, also `L`, `W`, `#`. */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) return undefined;
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = fields;
  if ((day === "?") === (weekday === "?")) return undefined;
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const days = parseField(day === "?" ? "*" : day, 1, 31);
  const months = parseField(named(month, monthNames), 1, 12);
  const weekdays = parseField(weekday === "?" ? "*" : named(weekday, weekdayNames), 1, 7);
  const years = parseField(year, 1970, 2199);
  if (!minutes || !hours || !days || !months || !weekdays || !years) return undefined;
  return { minutes, hours, days, months, weekdays, years };
}

/** The first matching minute after the instant, in UTC. */
export function nextOfCron(cron: Cron, afterMs: number): number | undefined {
  const first = Math.floor(afterMs / dayMs) * dayMs;
  for (let day = 0; day < farthestYears * 366; day += 1) {
    const date = new Date(first + day * dayMs);
    if (!isDay(cron, date)) continue;
    for (const hour of sorted(cron.hours)) {
      for (const minute of sorted(cron.minutes)) {
        const instantMs = date.getTime() + (hour * 60 + minute) * 60_000;
        if (instantMs > afterMs) return instantMs;
      }
    }
  }
  return undefined;
}

function isDay(cron: Cron, date: Date): boolean {
  return (
    cron.years.has(date.getUTCFullYear()) &&
    cron.months.has(date.getUTCMonth() + 1) &&
    cron.days.has(date.getUTCDate()) &&
    cron.weekdays.has(date.getUTCDay() + 1)
  );
}

function parseField(text: string, lowest: number, highest: number): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:(?<all>\*)|(?<from>\d{1,4})(?:-(?<to>\d{1,4}))?)(?:\/(?<step>\d{1,4}))?$/.exec(
      part,
    )?.groups;
    if (match === undefined) return undefined;
    const step = Number(match.step ?? 1);
    const from = match.all === undefined ? Number(match.from) : lowest;
    const isOpen = match.all !== undefined || (match.to === undefined && match.step !== undefined);
    const to = isOpen ? highest : Number(match.to ?? match.from);
    if (step < 1 || from < lowest || to > highest || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function named(text: string, names: readonly string[]): string {
  return text
    .toUpperCase()
    .replaceAll(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + 1) : name));
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
