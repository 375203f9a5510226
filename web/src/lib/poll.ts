import type { Query } from "@tanstack/react-query";

const slowestMs = 60_000;

/**
 * Options for a query that stays fresh: asks every `everyMs`, less and less often while the server does not answer,
 * and not at all while the tab is hidden. `everyMs` may look at the data: quick while something is in motion.
 */
export function polled<T>(everyMs: number | ((data: T | undefined) => number)) {
  return {
    refetchInterval: (query: Pick<Query<T, Error, T>, "state">) => {
      const base = typeof everyMs === "number" ? everyMs : everyMs(query.state.data);
      return nextPollMs(base, query.state, Date.now());
    },
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: true,
  } as const;
}

/** Grows with the time since the last good answer, so that a server in trouble is asked ever less often. */
export function nextPollMs(
  baseMs: number,
  state: { status: string; dataUpdatedAt: number; errorUpdatedAt: number },
  nowMs: number,
): number {
  if (state.status !== "error") return baseMs;
  const silentMs = nowMs - (state.dataUpdatedAt || state.errorUpdatedAt);
  return Math.min(slowestMs, Math.max(baseMs * 2, Math.round(silentMs / 2)));
}
