import { z } from "zod";

/** A moment as ISO 8601 in UTC with milliseconds ("2026-01-02T03:04:05.678Z"): sorts and compares as text. */
export type Instant = string & { readonly __instant: true };

/** The only source of time. `sleep` is for short back-off between retries. */
export type Clock = { now(): Instant; sleep(milliseconds: number): Promise<void> };

export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

export function epochMs(instant: Instant): number {
  return Date.parse(instant);
}

export function plusMs(instant: Instant, milliseconds: number): Instant {
  return instantOf(epochMs(instant) + milliseconds);
}

export function plusMinutes(instant: Instant, minutes: number): Instant {
  return plusMs(instant, minutes * 60_000);
}

export function minutesBetween(from: Instant, to: Instant): number {
  return (epochMs(to) - epochMs(from)) / 60_000;
}

/** The first of two moments, where there is another. */
export function sooner(one: Instant, other: Instant | undefined): Instant {
  return other !== undefined && other < one ? other : one;
}

/** Accepts any ISO 8601 moment with a zone and normalises it. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => instantOf(Date.parse(text)))
  .meta({ description: "Moment in ISO 8601", example: "2026-01-02T03:04:05.678Z" });

export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
