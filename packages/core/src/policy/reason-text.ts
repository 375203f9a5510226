import type { PolicyHours } from "./policy.ts";
import { weekdays } from "./time-zone.ts";

/** 90 → "1 h 30 min"; 1,440 → "1 d". */
export function formatMinutes(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return shown.length === 0 ? "0 min" : shown.join(" ");
}

/** "a", "a and b", "a, b and c". */
export function formatNames(names: readonly string[], conjunction: "and" | "or" = "and"): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** "between 09:00 and 18:00 Asia/Tokyo on weekdays". */
export function formatWindow(hours: PolicyHours): string {
  const chosen = weekdays.filter((day) => hours.weekdays.includes(day));
  const days =
    chosen.length === 7
      ? "every day"
      : chosen.join() === "mon,tue,wed,thu,fri"
        ? "on weekdays"
        : `on ${formatNames(chosen.map((day) => day.slice(0, 1).toUpperCase() + day.slice(1)))}`;
  return `between ${hours.from} and ${hours.to} ${hours.timeZone} ${days}`;
}

/** "Mon, 6 Jan 2025, 09:00 Asia/Tokyo". */
export function formatStart(atMs: number, timeZone: string): string {
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(atMs);
  return `${text} ${timeZone}`;
}
