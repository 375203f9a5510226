import type { GrantView } from "../lib/api.ts";
import { isEndingSoon } from "../lib/remaining.ts";

export type GrantStatus = GrantView["state"] | "ending" | "failed" | "stuck";

/** The state as a reader should see it: an active grant about to end, and a move that does not get on, are told apart. */
export function grantStatus(
  grant: Pick<GrantView, "state" | "startedAt" | "endsAt" | "failure" | "endedBy">,
  nowMs: number,
): GrantStatus {
  if (grant.state === "active" && grant.startedAt !== null && grant.endsAt !== null) {
    return isEndingSoon(grant.startedAt, grant.endsAt, nowMs) ? "ending" : "active";
  }
  if ((grant.state === "planned" || grant.state === "provisioning") && grant.failure !== null)
    return "failed";
  if (grant.state === "revoking" && grant.failure !== null) return "stuck";
  if (grant.state === "revoked" && grant.endedBy === "failure" && grant.startedAt === null) return "failed";
  return grant.state;
}
