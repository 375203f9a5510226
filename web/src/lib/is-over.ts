import type { GrantView } from "./api.ts";

/** Nothing more happens to it: revoked, or written off with its server. */
export function isOver({ state }: Pick<GrantView, "state">): boolean {
  return state === "revoked" || state === "written-off";
}
