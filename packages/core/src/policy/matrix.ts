import { type Askable, askable } from "./askable.ts";
import type { Level, Policy } from "./policy.ts";
import type { PolicyTarget, PolicyUser } from "./question.ts";

/** A row: somebody known, or "whoever is in this group and in no other". */
export type MatrixSubject =
  | { readonly kind: "user"; readonly user: PolicyUser }
  | { readonly kind: "group"; readonly group: string };

/** "denied" is an explicit deny, "refused" the lack of a policy that matches now. */
export type MatrixCell =
  | { readonly decision: "automatic"; readonly maxDurationMinutes: number; readonly approvals: 0 }
  | { readonly decision: "approval"; readonly maxDurationMinutes: number; readonly approvals: number }
  | { readonly decision: "denied" | "refused"; readonly maxDurationMinutes: 0; readonly approvals: 0 };

/**
 * Who may ask for what at this instant: cells[subject][target], in the order given. A cell shows the least approval
 * that some duration needs, and the longest duration under any policy, which may need more.
 */
export function matrix(
  policies: readonly Policy[],
  subjects: readonly MatrixSubject[],
  targets: readonly PolicyTarget[],
  at: number,
): readonly (readonly Readonly<Record<Level, MatrixCell>>[])[] {
  return subjects.map((subject) => {
    const user = subject.kind === "user" ? subject.user : memberOf(subject.group);
    return targets.map((target) => {
      const { read, write, ddl } = askable(policies, user, target, at);
      return { read: cell(read.request), write: cell(write.request), ddl: cell(ddl.request) };
    });
  });
}

/** No stored user has an empty id, so a policy can name this member through the group alone. */
function memberOf(group: string): PolicyUser {
  return { id: "", groups: [group], suspended: false };
}

function cell(answer: Askable): MatrixCell {
  if (!answer.allowed) {
    const decision = answer.refusal.code === "policy.denied" ? "denied" : "refused";
    return { decision, maxDurationMinutes: 0, approvals: 0 };
  }
  const { maxDurationMinutes } = answer;
  const approvals = (answer.tiers[0]?.decision.steps ?? []).reduce((sum, step) => sum + step.count, 0);
  return approvals === 0
    ? { decision: "automatic", maxDurationMinutes, approvals }
    : { decision: "approval", maxDurationMinutes, approvals };
}
