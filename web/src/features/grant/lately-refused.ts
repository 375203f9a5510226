import type { RequestView } from "../../lib/api.ts";

const shownForMs = 7 * 86_400_000;
const shownAtMost = 5;

/** Requests that were rejected or lapsed within the last week, newest decision first: nobody should have to look for a no. */
export function latelyRefused(requests: readonly RequestView[], nowMs: number): RequestView[] {
  return requests
    .filter(({ status }) => status === "rejected" || status === "lapsed")
    .filter(({ decidedAt, lapsesAt }) => nowMs - Date.parse(decidedAt ?? lapsesAt) < shownForMs)
    .toSorted((one, other) => decidedMs(other) - decidedMs(one))
    .slice(0, shownAtMost);
}

function decidedMs({ decidedAt, lapsesAt }: RequestView): number {
  return Date.parse(decidedAt ?? lapsesAt);
}
