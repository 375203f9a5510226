import type { AllowedDecision, Decision, RefusedDecision } from "./decision.ts";
import { byId, leastDemandingFirst } from "./least-demanding.ts";
import { allowChecks, allowing, denying, isAllow, takenBy } from "./match.ts";
import { isUndecided } from "./match-target.ts";
import type { AllowPolicy, DenyPolicy, Policy } from "./policy.ts";
import { approvalSteps, maxDurationMinutes, maxTotalMinutes } from "./policy-limits.ts";
import type { PolicyQuestion } from "./question.ts";
import { type Reason, reason } from "./reason.ts";

/**
 * Decides, in this order: a suspended user is refused · a matching deny refuses · of the policies that allow this
 * level, duration and hour the least demanding decides, alone: nothing of another is mixed in · else refused.
 */
export function evaluate(policies: readonly Policy[], question: PolicyQuestion): Decision {
  const unfit = unfitQuestion(question);
  if (unfit !== null) return refused(unfit);
  const [denial, ...otherDenials] = denying(policies, question)
    .toSorted(byId)
    .map((policy) => denied(policy, question));
  if (denial !== undefined) return refused(denial, ...otherDenials);
  const winner = leastDemandingFirst(allowing(policies, question), question.kind)[0];
  if (winner !== undefined) return allowedBy(winner, policies, question);
  const unknown = question.user.groupsUnknown ? [reason("policy.groups-unknown", {})] : [];
  return refused(nearestMiss(policies, question), ...unknown);
}

/** What this policy gives for this question, which it must allow. */
export function allowedBy(
  winner: Policy<AllowPolicy>,
  policies: readonly Policy[],
  question: PolicyQuestion,
): AllowedDecision {
  const { id, version, document } = winner;
  const steps = approvalSteps(document, question.kind, question.user.id);
  return {
    outcome: "allowed",
    policyId: id,
    policyName: document.name,
    policyVersion: version,
    maxDurationMinutes: maxDurationMinutes(document, question.kind),
    maxTotalMinutes: maxTotalMinutes(document, question.kind),
    hours: question.kind === "break-glass" ? null : (document.for.hours ?? null),
    steps,
    automatic: steps.length === 0,
    unmask: document.may.unmask && denying(policies, { ...question, unmask: true }).length === 0,
    export: document.may.export && denying(policies, { ...question, export: true }).length === 0,
  };
}

/** How a deny that matches this question is told. */
export function denied({ id, document }: Policy<DenyPolicy>, question: PolicyQuestion): Reason {
  return reason("policy.denied", {
    policyId: id,
    policyName: document.name,
    what: takenBy(document, question),
    ...(isUndecided(document, question.user) ? { undecidedGroups: document.who.groups } : {}),
  });
}

/** What is wrong before any policy is looked at. NaN compares as false, so it must not get any further. */
export function unfitQuestion({
  user,
  kind,
  durationMinutes,
  totalMinutes,
  at,
}: PolicyQuestion): Reason | null {
  if (user.suspended) return reason("policy.user-suspended", {});
  if (!(Math.abs(at) <= latestMs)) return reason("policy.invalid-question", { field: "at" });
  if (!Number.isSafeInteger(durationMinutes) || durationMinutes < 1) {
    return reason("policy.invalid-question", { field: "durationMinutes" });
  }
  const isTotal = Number.isSafeInteger(totalMinutes) && (totalMinutes ?? 0) >= durationMinutes;
  return kind === "extension" && !isTotal
    ? reason("policy.invalid-question", { field: "totalMinutes" })
    : null;
}

/** Some years short of the last instant that calendars can be asked about. */
const latestMs = 8e15;

/** Why the policies for this person and database that come closest do not do; nothing is said of other policies. */
function nearestMiss(policies: readonly Policy[], question: PolicyQuestion): Reason {
  const misses = policies
    .toSorted(byId)
    .filter(isAllow)
    .map(({ document }) => ({
      document,
      step: allowChecks.findIndex((check) => !check.matches(document, question)),
    }));
  const furthest = Math.max(-1, ...misses.map((miss) => miss.step));
  const check = allowChecks[furthest];
  const [first, ...others] = misses.filter((miss) => miss.step === furthest).map((miss) => miss.document);
  const firstAsk = allowChecks.findIndex(({ about }) => about === "ask");
  if (check === undefined || first === undefined || furthest < firstAsk) {
    return reason("policy.no-match", { level: question.level, databaseName: question.target.database.name });
  }
  return check.describe([first, ...others], question);
}

function refused(first: Reason, ...others: readonly Reason[]): RefusedDecision {
  return { outcome: "refused", code: first.code, reasons: [first, ...others] };
}
