import type { AllowPolicy, ApprovalStep } from "./policy.ts";
import type { QuestionKind } from "./question.ts";

/** The most that one request, extension or break-glass may ask for; without break-glass, 0. */
export function maxDurationMinutes(document: AllowPolicy, kind: QuestionKind): number {
  if (kind === "break-glass") return document.may.breakGlass?.maxDurationMinutes ?? 0;
  return document.for.maxDurationMinutes;
}

/** The most that a grant may last with its extensions; where a policy does not say, as long as one request. */
export function maxTotalMinutes(document: AllowPolicy, kind: QuestionKind): number {
  if (kind === "break-glass") return maxDurationMinutes(document, kind);
  return document.for.maxTotalMinutes ?? document.for.maxDurationMinutes;
}

/** Who must approve, the requester left out; nobody under break-glass. */
export function approvalSteps(
  document: AllowPolicy,
  kind: QuestionKind,
  requesterId: string,
): readonly ApprovalStep[] {
  if (kind === "break-glass") return [];
  return document.approval.map((step) => ({
    ...step,
    users: step.users.filter((userId) => userId !== requesterId),
  }));
}

export type BreakGlassLimits = { readonly perPersonPerDay: number; readonly perPersonAtOnce: number };

/** How often and how many at once; policies from before this was kept, and those that do not say, have the defaults. */
export function breakGlassLimits(document: AllowPolicy | undefined): BreakGlassLimits {
  const { perPersonPerDay = 3, perPersonAtOnce = 1 } = document?.may.breakGlass ?? {};
  return { perPersonPerDay, perPersonAtOnce };
}
