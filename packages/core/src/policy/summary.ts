import type { Decision } from "./decision.ts";
import type { NeededForPolicy } from "./explain.ts";
import type { ApprovalStep } from "./policy.ts";
import { formatMinutes, formatNames } from "./reason-text.ts";

/** The decision and what would be needed, as sentences. */
export function summarize(decision: Decision, needed: readonly NeededForPolicy[]): string {
  if (decision.outcome === "allowed") {
    const most = `at most ${formatMinutes(decision.maxDurationMinutes)}`;
    const who = decision.automatic
      ? "no approval is needed"
      : decision.steps.map((step) => stepText(step)).join(", then ");
    return `Allowed by “${decision.policyName}”: ${most}; ${who}.`;
  }
  const refusal = decision.reasons.map(({ message }) => message).join(" ");
  const ways = needed.map(
    ({ policyName, reasons }) =>
      `“${policyName}” would allow it, but: ${reasons.map(({ message }) => message).join(" ")}`,
  );
  return ["Refused.", refusal, ...ways].join(" ");
}

function stepText({ count, users, groups }: ApprovalStep): string {
  const who = [
    ...groups.map((group) => `the group ${group}`),
    ...(users.length > 0 ? [`the ${users.length === 1 ? "user" : "users"} ${formatNames(users)}`] : []),
  ];
  return `${count} ${count === 1 ? "approval" : "approvals"} from ${formatNames(who, "or")}`;
}
