import type { GrantView } from "../../lib/api.ts";
import { isOver } from "../../lib/is-over.ts";

/** Live grants first: those that are starting, then by their end, the soonest on top; the ended ones as they come. */
export function soonestFirst(grants: readonly GrantView[]): GrantView[] {
  const live = grants.filter((grant) => !isOver(grant));
  const ended = grants.filter((grant) => isOver(grant));
  return [...live.toSorted((one, other) => endMs(one) - endMs(other)), ...ended];
}

function endMs({ endsAt }: GrantView): number {
  return endsAt === null ? 0 : Date.parse(endsAt);
}
