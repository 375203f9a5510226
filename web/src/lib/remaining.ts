/** How much of the time is left, from 1 down to 0. */
export function remainingShare(startedAt: string, endsAt: string, nowMs: number): number {
  const start = Date.parse(startedAt);
  const end = Date.parse(endsAt);
  if (end <= start) return 0;
  return Math.min(1, Math.max(0, (end - nowMs) / (end - start)));
}

/** In its last tenth. */
export function isEndingSoon(startedAt: string, endsAt: string, nowMs: number): boolean {
  return remainingShare(startedAt, endsAt, nowMs) <= 0.1;
}
