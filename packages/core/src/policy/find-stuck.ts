import { listUsers } from "../identity/user.store.ts";
import { policyUser } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { type Approval, type StuckApproval, stuckApproval } from "./approval.ts";
import type { ApprovalStep, PolicyDocument } from "./policy.ts";
import type { PolicyUser } from "./question.ts";
import { formatNames } from "./reason-text.ts";
import type { StuckView } from "./stuck.view.ts";

type Reads = Pick<Context, "table">;

/** Whether the people known now can give an approval; reads only as many of them as it takes to be sure that they can. */
export async function findStuck(ctx: Reads, approval: Approval): Promise<StuckView | null> {
  return stuckFinder(ctx)(approval);
}

/** The same for several approvals, one after the other, which share what was read. */
export function stuckFinder(ctx: Reads): (approval: Approval) => Promise<StuckView | null> {
  const people: PolicyUser[] = [];
  let cursor: string | undefined;
  let isWhole = false;
  const readOn = async () => {
    const page = await listUsers(ctx, { cursor, limit: 100 });
    people.push(...page.items.map(policyUser));
    cursor = page.nextCursor ?? undefined;
    isWhole = cursor === undefined;
  };
  return async (approval) => {
    if (approval.steps.length === 0) return null;
    for (;;) {
      const stuck = stuckApproval(approval, people);
      if (stuck === null) return null;
      if (stuck.certain || isWhole) return viewOf(stuck, approval.steps);
      await readOn();
    }
  };
}

/** The approval that a policy asks for, of whoever asks. */
export function approvalOfPolicy(document: PolicyDocument): Approval {
  const steps = document.effect === "allow" && document.enabled ? document.approval : [];
  return { steps, votes: [], requesterIds: [] };
}

function viewOf({ stepIndex, missing, certain }: StuckApproval, steps: readonly ApprovalStep[]): StuckView {
  const approvals = missing === 1 ? "1 approval" : `${missing} approvals`;
  const groups = steps[stepIndex]?.groups ?? [];
  const whoever = groups.length === 0 ? "another approver" : `somebody else in ${formatNames(groups, "or")}`;
  const remedy = certain
    ? "An administrator has to change the policy."
    : `It waits until ${whoever} signs in, or an administrator changes the policy and it is asked for anew.`;
  const message = `Nobody known to Daypass can give ${approvals} of step ${stepIndex + 1}. ${remedy}`;
  return { step: stepIndex + 1, missing, certain, message };
}
