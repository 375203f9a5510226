import type { GrantView } from "../../lib/api.ts";

/** Live grants first: those that are starting, then by their end, the soonest on top; the ended ones as they come. */
export function soonestFirst(grants: readonly GrantView[]): GrantView[] {
  const live = grants.filter(({ state }) => state !== "revoked");
  const ended = grants.filter(({ state }) => state === "revoked");
  return [...live.toSorted((one, other) => endMs(one) - endMs(other)), ...ended];
}

function endMs({ endsAt }: GrantView): number {
  return endsAt === null ? 0 : Date.parse(endsAt);
}
