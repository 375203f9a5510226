/** In the order of the week, as ISO 8601 counts it. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

export const minuteMs = 60_000;
export const dayMs = 86_400_000;

/** A name such as Asia/Tokyo or UTC; fixed offsets such as +09:00 are not names of places and are refused. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall shows, as milliseconds since 1970-01-01T00:00 on that wall. */
export function wallMs(atMs: number, timeZone: string): number {
  return atMs + offsetMs(atMs, timeZone);
}

/** How far the zone is ahead of UTC at that instant. Throws RangeError for an unknown zone or a time out of range. */
export function offsetMs(atMs: number, timeZone: string): number {
  const text = formatOf(timeZone).format(atMs);
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null) throw new RangeError(`no offset in ${JSON.stringify(text)}`);
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
}

export function weekdayOf(wall: number): Weekday {
  const daysSinceThursday = Math.floor(wall / dayMs);
  const index = (((daysSinceThursday + 3) % 7) + 7) % 7;
  const weekday = weekdays[index];
  if (weekday === undefined) throw new RangeError(`no weekday at ${wall}`);
  return weekday;
}

/** Making a format costs far more than using one; zones are few, so the memory is bounded by a plain cap. */
const formats = new Map<string, Intl.DateTimeFormat>();
const formatsKept = 500;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  if (formats.size >= formatsKept) formats.clear();
  formats.set(timeZone, format);
  return format;
}
