const minutesOf = { d: 1_440, h: 60, m: 1 } as const;

export type DurationPart = { unit: "d" | "h" | "m" | "s"; count: number };

/**
 * Reads what people type for a duration: "90", "90m", "1h30", "1 h 30 min", "1.5 h", "2 days", "1:30".
 * A bare number means minutes. Returns whole minutes, or null for what is not a duration above zero.
 */
export function parseDurationMinutes(text: string): number | null {
  const trimmed = text.trim().toLowerCase().replace(",", ".");
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(trimmed);
  if (clock) return positive(Number(clock[1]) * 60 + Number(clock[2]));
  if (/^\d+(\.\d+)?$/.test(trimmed)) return positive(Number(trimmed));
  const pattern = /(\d+(?:\.\d+)?)\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?)?\s*/y;
  let minutes = 0;
  let last: "d" | "h" | "m" | null = null;
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (match === null) return null;
    // "1h30": what follows the hours without a unit is minutes.
    const unit: string | undefined = match[2]?.[0] ?? (last === "h" ? "m" : undefined);
    if ((unit !== "d" && unit !== "h" && unit !== "m") || unit === last) return null;
    minutes += Number(match[1]) * minutesOf[unit];
    last = unit;
  }
  return last === null ? null : positive(minutes);
}

/** The two largest units that say it: 1 d 4 h, 1 h 12 min, 45 s. Zero is 0 s. */
export function durationParts(milliseconds: number): DurationPart[] {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const all: DurationPart[] = [
    { unit: "d", count: Math.floor(seconds / 86_400) },
    { unit: "h", count: Math.floor(seconds / 3_600) % 24 },
    { unit: "m", count: Math.floor(seconds / 60) % 60 },
    { unit: "s", count: seconds % 60 },
  ];
  const first = all.findIndex((part) => part.count > 0);
  if (first === -1) return all.slice(3);
  // Seconds matter only in the last ten minutes; before that they only make the line restless.
  const shown = all.slice(first, first + 2).filter((part) => part.unit !== "s" || seconds < 600);
  return shown.filter((part, index) => index === 0 || part.count > 0);
}

function positive(minutes: number): number | null {
  const whole = Math.round(minutes);
  return Number.isFinite(whole) && whole > 0 ? whole : null;
}
