export type MomentFormat = { locale: string; timeZone: string };

/** "14:05" on the day of `nowMs`, "Fri 14:05" within the week around it, else "3 Mar 2026, 14:05", in the reader's zone;
 * `exact` adds the seconds. */
export function momentText(instantMs: number, nowMs: number, format: MomentFormat, exact = false): string {
  const { locale, timeZone } = format;
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options }).format(instantMs);
  const time = part({
    hour: "2-digit",
    minute: "2-digit",
    ...(exact ? { second: "2-digit" } : {}),
  });
  if (dayOf(instantMs, timeZone) === dayOf(nowMs, timeZone)) return time;
  const days = Math.abs(instantMs - nowMs) / 86_400_000;
  if (days < 6) return `${part({ weekday: "short" })} ${time}`;
  return `${part({ day: "numeric", month: "short", year: "numeric" })}, ${time}`;
}

/** The whole moment with its zone, for a hover: "Fri 13 Mar 2026, 14:05:09 GMT+9". */
export function fullMomentText(instantMs: number, format: MomentFormat): string {
  return new Intl.DateTimeFormat(format.locale, {
    timeZone: format.timeZone,
    hourCycle: "h23",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(instantMs);
}

/** "2026-03-13 05:05:09" in UTC: what logs and the database show. */
export function utcText(instantMs: number): string {
  return new Date(instantMs).toISOString().slice(0, 19).replace("T", " ");
}

function dayOf(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(instantMs);
}
