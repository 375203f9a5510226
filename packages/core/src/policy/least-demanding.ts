import type { AllowPolicy, Policy } from "./policy.ts";
import { maxDurationMinutes, maxTotalMinutes } from "./policy-limits.ts";
import type { QuestionKind } from "./question.ts";

/**
 * Policies that all allow the same thing, the one that decides first: fewer approvals, fewer steps, gives more
 * (unmask, export), longer, longer in all; then the lower id, so that the order of the list never matters.
 */
export function leastDemandingFirst(
  policies: readonly Policy<AllowPolicy>[],
  kind: QuestionKind,
): readonly Policy<AllowPolicy>[] {
  return policies.toSorted((a, b) => compare(rank(a.document, kind), rank(b.document, kind)) || byId(a, b));
}

export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Lower is better, the first difference counts. */
function rank(document: AllowPolicy, kind: QuestionKind): readonly number[] {
  const steps = kind === "break-glass" ? [] : document.approval;
  return [
    steps.reduce((sum, step) => sum + step.count, 0),
    steps.length,
    -Number(document.may.unmask) - Number(document.may.export),
    -maxDurationMinutes(document, kind),
    -maxTotalMinutes(document, kind),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? value);
    if (difference !== 0) return difference;
  }
  return 0;
}
