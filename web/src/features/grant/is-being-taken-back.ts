import type { GrantView } from "../../lib/api.ts";

/** The access is over and its account is not gone yet, be it for a second or until what stands in the way is gone. */
export function isBeingTakenBack({ state }: Pick<GrantView, "state">): boolean {
  return state === "revoking" || state === "quarantined";
}
