import type { GrantView } from "../../lib/api.ts";
import { isOverdue } from "../../lib/overdue.ts";

export type GuaranteeGroups = {
  /** Could not be taken back, or made: with a reason, or past its end with nobody at it. */
  stuck: GrantView[];
  /** Machines are at work on it right now. */
  revoking: GrantView[];
  starting: GrantView[];
  /** Will end by themselves. */
  armed: GrantView[];
};

/** Live grants by how they stand to the guarantee; what needs a person comes first, the longest overdue on top. */
export function guaranteeGroups(grants: readonly GrantView[], nowMs: number): GuaranteeGroups {
  const groups: GuaranteeGroups = { stuck: [], revoking: [], starting: [], armed: [] };
  for (const grant of grants) {
    const group = groupOf(grant, nowMs);
    if (group !== null) groups[group].push(grant);
  }
  groups.stuck.sort((one, other) => stuckSince(one).localeCompare(stuckSince(other)));
  groups.armed.sort((one, other) => (one.endsAt ?? "").localeCompare(other.endsAt ?? ""));
  return groups;
}

function groupOf(grant: GrantView, nowMs: number): keyof GuaranteeGroups | null {
  if (isOverdue(grant, nowMs)) return "stuck";
  switch (grant.state) {
    case "quarantined":
      return "stuck";
    case "revoking":
      return "revoking";
    case "planned":
    case "provisioning":
      return grant.failure === null ? "starting" : "stuck";
    case "active":
      return "armed";
    case "revoked":
    case "written-off":
      return null;
  }
}

function stuckSince(grant: GrantView): string {
  return grant.failure?.since ?? grant.endsAt ?? grant.createdAt;
}
