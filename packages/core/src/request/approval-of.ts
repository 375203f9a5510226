import { policyUser } from "../identity/user.ts";
import type { UserActor } from "../kernel/context.ts";
import {
  type Approval,
  approvalProgress,
  isNamed,
  mayApprove,
  mayReject,
  type ReviewRight,
} from "../policy/approval.ts";
import type { ApprovalStep } from "../policy/policy.ts";
import type { AccessRequest } from "./request.ts";

/** How far the approval of a request is. */
export function approvalOf(request: AccessRequest) {
  return approvalProgress(asApproval(request));
}

/** The step that waits for votes; undefined once all have theirs. */
export function currentStep(request: AccessRequest): ApprovalStep | undefined {
  const index = approvalOf(request).currentStep;
  return index === null ? undefined : request.steps[index];
}

/** Whether this person may vote now, with the groups they have at this moment. */
export function reviewRight(
  request: AccessRequest,
  actor: UserActor,
  decision: "approve" | "reject",
): ReviewRight {
  return (decision === "approve" ? mayApprove : mayReject)(asApproval(request), policyUser(actor));
}

/** An approver of any step, whoever's turn it is. */
export function isParticipant(request: AccessRequest, actor: UserActor): boolean {
  const voted = request.reviews.some((review) => review.reviewer.id === actor.id);
  return voted || request.steps.some((step) => isNamed(step, policyUser(actor)));
}

/** What the policy module asks about a request. */
export function asApproval(request: AccessRequest): Approval {
  return {
    steps: request.steps,
    votes: request.reviews
      .filter((review) => review.decision === "approve")
      .map((review) => ({ stepIndex: review.step, userId: review.reviewer.id })),
    requesterIds: [request.requester.id],
  };
}
