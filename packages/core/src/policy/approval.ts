import { firstUnfillable } from "./approval-seats.ts";
import { isInOne } from "./match-target.ts";
import type { ApprovalStep } from "./policy.ts";
import type { PolicyUser } from "./question.ts";

/** A review that approved, at the step it was cast for (counted from 0). */
export interface ApprovalVote {
  readonly stepIndex: number;
  readonly userId: string;
}

/** What a request has of its approval. `requesterIds`: for whom it is, and whoever filed it for them. */
export interface Approval {
  readonly steps: readonly ApprovalStep[];
  readonly votes: readonly ApprovalVote[];
  readonly requesterIds: readonly string[];
}

export interface ApprovalProgress {
  readonly complete: boolean;
  /** The step that waits, counted from 0; null when complete. */
  readonly currentStep: number | null;
  readonly steps: readonly { readonly approvedBy: readonly string[]; readonly missing: number }[];
}

/**
 * How far the approval is. Steps go in order; one person counts once in the whole request, at the first step they
 * voted in, so that two steps are always two different pairs of eyes. Votes of requesters never count. A vote
 * stays counted when its voter leaves the group later: rights are those at the moment of the click.
 */
export function approvalProgress({ steps, votes, requesterIds }: Approval): ApprovalProgress {
  const used = new Set(requesterIds);
  let open = true;
  const counted = steps.map((step, stepIndex) => {
    if (!open) return { approvedBy: [], missing: step.count };
    const approvedBy: string[] = [];
    for (const vote of votes) {
      if (vote.stepIndex !== stepIndex || used.has(vote.userId)) continue;
      used.add(vote.userId);
      approvedBy.push(vote.userId);
    }
    const missing = Math.max(0, step.count - approvedBy.length);
    open = missing === 0;
    return { approvedBy, missing };
  });
  const waiting = counted.findIndex((step) => step.missing > 0);
  return { complete: waiting === -1, currentStep: waiting === -1 ? null : waiting, steps: counted };
}

export type ReviewRight =
  | { readonly allowed: true; readonly stepIndex: number }
  | {
      readonly allowed: false;
      readonly code:
        | "approval.complete"
        | "approval.own-request"
        | "approval.suspended"
        | "approval.not-an-approver"
        | "approval.already-counted";
      readonly message: string;
    };

/** Whether this person, with the groups they have now, may approve the step that waits. */
export function mayApprove(approval: Approval, person: PolicyUser): ReviewRight {
  const right = mayReject(approval, person);
  if (!right.allowed) return right;
  const counted = approvalProgress(approval).steps.some((step) => step.approvedBy.includes(person.id));
  return counted ? refusals["approval.already-counted"] : right;
}

/** Whether this person may reject: an approver of the step that waits, also one who has approved before. */
export function mayReject(approval: Approval, person: PolicyUser): ReviewRight {
  const { currentStep } = approvalProgress(approval);
  const step = currentStep === null ? undefined : approval.steps[currentStep];
  if (approval.requesterIds.includes(person.id)) return refusals["approval.own-request"];
  if (person.suspended) return refusals["approval.suspended"];
  if (currentStep === null || step === undefined) return refusals["approval.complete"];
  if (!isNamed(step, person)) return refusals["approval.not-an-approver"];
  return { allowed: true, stepIndex: currentStep };
}

/** Whom of these to tell: they may approve the step that waits, now. */
export function approversNow(approval: Approval, people: readonly PolicyUser[]): readonly string[] {
  return people.filter((person) => mayApprove(approval, person).allowed).map((person) => person.id);
}

/** The first step that cannot be filled. `certain`: whoever may still join a group, it cannot. */
export interface StuckApproval {
  readonly stepIndex: number;
  readonly missing: number;
  readonly certain: boolean;
}

/**
 * Whether the rest of the approval can ever be given, nobody counting twice: first for certain, then as far as the
 * people known now tell (a group may have members who have not signed in yet). Null: nothing is known against it.
 */
export function stuckApproval(approval: Approval, people?: readonly PolicyUser[]): StuckApproval | null {
  const progress = approvalProgress(approval);
  const used = new Set([...approval.requesterIds, ...progress.steps.flatMap((step) => step.approvedBy)]);
  const named = firstUnfillable(
    approval.steps.map((step, index) => ({
      seats: progress.steps[index]?.missing ?? step.count,
      candidates: step.groups.length > 0 ? "anyone" : step.users.filter((userId) => !used.has(userId)),
    })),
  );
  if (named !== null) return { ...named, certain: true };
  if (people === undefined) return null;
  const free = people.filter((person) => !person.suspended && !used.has(person.id));
  const known = firstUnfillable(
    approval.steps.map((step, index) => ({
      seats: progress.steps[index]?.missing ?? step.count,
      candidates: free.filter((person) => isNamed(step, person)).map((person) => person.id),
    })),
  );
  return known === null ? null : { ...known, certain: false };
}

/** Whether the step is for this person, by name or by a group that is known. */
export function isNamed(step: ApprovalStep, person: PolicyUser): boolean {
  return step.users.includes(person.id) || isInOne(step.groups, person);
}

const refuse = <Code extends string>(code: Code, message: string) =>
  ({ allowed: false, code, message }) as const;

const refusals = {
  "approval.complete": refuse("approval.complete", "The approval is complete."),
  "approval.own-request": refuse("approval.own-request", "Nobody decides on their own request."),
  "approval.suspended": refuse("approval.suspended", "Suspended users are refused everywhere."),
  "approval.not-an-approver": refuse(
    "approval.not-an-approver",
    "The step that waits is for other approvers.",
  ),
  "approval.already-counted": refuse(
    "approval.already-counted",
    "Your approval counts already; each approval must come from another person.",
  ),
};
