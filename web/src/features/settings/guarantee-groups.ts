import type { GrantView } from "../../lib/api.ts";

export type GuaranteeGroups = {
  /** Could not be taken back, or made, or moved: with a reason. */
  stuck: GrantView[];
  /** Machines are at work on it right now. */
  revoking: GrantView[];
  starting: GrantView[];
  /** Will end by themselves. */
  armed: GrantView[];
};

/** Live grants by how they stand to the guarantee; what needs a person comes first, the longest overdue on top. */
export function guaranteeGroups(grants: readonly GrantView[]): GuaranteeGroups {
  const groups: GuaranteeGroups = { stuck: [], revoking: [], starting: [], armed: [] };
  for (const grant of grants) {
    const group = groupOf(grant);
    if (group !== null) groups[group].push(grant);
  }
  groups.stuck.sort((one, other) => stuckSince(one).localeCompare(stuckSince(other)));
  groups.armed.sort((one, other) => (one.endsAt ?? "").localeCompare(other.endsAt ?? ""));
  return groups;
}

function groupOf(grant: GrantView): keyof GuaranteeGroups | null {
  switch (grant.state) {
    case "quarantined":
      return "stuck";
    case "revoking":
      return grant.failure === null ? "revoking" : "stuck";
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
