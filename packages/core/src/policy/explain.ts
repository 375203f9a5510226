import type { Check } from "./check.ts";
import type { Decision } from "./decision.ts";
import { denied, evaluate, unfitQuestion } from "./evaluate.ts";
import { byId } from "./least-demanding.ts";
import { allowChecks, denyChecks, denying, isAllow, isDeny } from "./match.ts";
import type { DenyPolicy, Policy, PolicyDocument } from "./policy.ts";
import type { PolicyQuestion } from "./question.ts";
import { type Reason, reason } from "./reason.ts";
import { summarize } from "./summary.ts";

/** What became of one policy. "limits": a deny that takes unmask or export out of what another policy gives. */
export type Verdict = "decides" | "also-allows" | "overruled" | "denies" | "limits" | "no-match";

export interface ConsideredPolicy {
  readonly policyId: string;
  readonly policyName: string;
  readonly effect: PolicyDocument["effect"];
  readonly verdict: Verdict;
  /** What it gave or took away, or the first condition that did not hold. */
  readonly reason: Reason;
}

/** A policy that would allow this as soon as all of these no longer stand in the way. */
export interface NeededForPolicy {
  readonly policyId: string;
  readonly policyName: string;
  readonly reasons: readonly Reason[];
}

export interface Explanation {
  /** The very decision that evaluate gives. */
  readonly decision: Decision;
  /** The policy that allows, or those that deny; none when nothing matches. */
  readonly decidedBy: readonly string[];
  /** Every policy, by id. */
  readonly considered: readonly ConsideredPolicy[];
  /** When nothing matched: the ways to get there, nearest first; any one of them is enough. */
  readonly needed: readonly NeededForPolicy[];
  /** All of it as English sentences. */
  readonly summary: string;
}

/** Why the decision is what it is, policy by policy, and what would be needed. For the simulator and the API. */
export function explain(policies: readonly Policy[], question: PolicyQuestion): Explanation {
  const decision = evaluate(policies, question);
  // No hour or duration to hold against a policy.
  if (decision.outcome === "refused" && decision.code === "policy.invalid-question") {
    return { decision, decidedBy: [], considered: [], needed: [], summary: summarize(decision, []) };
  }
  const denials = denying(policies, question).toSorted(byId);
  const considered = policies
    .toSorted(byId)
    .map((policy) => consider(policy, policies, question, decision, denials));
  const decidedBy = considered
    .filter(({ verdict }) => verdict === "decides" || verdict === "denies")
    .map(({ policyId }) => policyId);
  const isOpen = decision.outcome === "refused" && denials.length === 0 && unfitQuestion(question) === null;
  const needed = isOpen ? neededFor(policies, question) : [];
  return { decision, decidedBy, considered, needed, summary: summarize(decision, needed) };
}

function consider(
  policy: Policy,
  policies: readonly Policy[],
  question: PolicyQuestion,
  decision: Decision,
  denials: readonly Policy<DenyPolicy>[],
): ConsideredPolicy {
  const { id: policyId, document } = policy;
  const as = (verdict: Verdict, because: Reason): ConsideredPolicy => ({
    policyId,
    policyName: document.name,
    effect: document.effect,
    verdict,
    reason: because,
  });
  if (isDeny(policy)) {
    const miss = firstMiss(denyChecks, policy.document, question);
    if (miss === null) return as("denies", denied(policy, question));
    const given = givenBy(decision, policies, question);
    const limits = firstMiss(denyChecks, policy.document, given) === null;
    return limits ? as("limits", denied(policy, given)) : as("no-match", miss);
  }
  const miss = isAllow(policy) ? firstMiss(allowChecks, policy.document, question) : null;
  return miss === null ? as(...allowVerdict(policy, decision, denials)) : as("no-match", miss);
}

function allowVerdict(
  policy: Policy,
  decision: Decision,
  denials: readonly Policy<DenyPolicy>[],
): [Verdict, Reason] {
  if (decision.outcome === "refused") {
    // It matched and still nothing is allowed: a deny, or the asker is suspended or asked nonsense.
    const [unfit] = decision.reasons;
    if (denials.length === 0 && unfit !== undefined) return ["overruled", unfit];
    return [
      "overruled",
      reason("policy.overruled", { deniedBy: denials.map(({ document }) => document.name) }),
    ];
  }
  if (decision.policyId !== policy.id)
    return ["also-allows", reason("policy.also-allows", { decidedBy: decision.policyName })];
  const { automatic, maxDurationMinutes, steps } = decision;
  const approvals = steps.reduce((sum, step) => sum + step.count, 0);
  return ["decides", reason("policy.decides", { automatic, approvals, maxDurationMinutes })];
}

/** The question widened by what the deciding policy gives besides, which a deny may take out again. */
function givenBy(decision: Decision, policies: readonly Policy[], question: PolicyQuestion): PolicyQuestion {
  if (decision.outcome === "refused") return question;
  const winner = policies.filter(isAllow).find(({ id }) => id === decision.policyId);
  const may = winner?.document.may;
  return { ...question, unmask: may?.unmask ?? false, export: may?.export ?? false };
}

/** Policies for this very database whose every miss is something that the asker, or a group, could change. */
function neededFor(policies: readonly Policy[], question: PolicyQuestion): readonly NeededForPolicy[] {
  return policies
    .filter(isAllow)
    .map((policy) => ({
      policy,
      misses: allowChecks.filter((check) => !check.matches(policy.document, question)),
    }))
    .filter(({ misses }) => misses.every(({ about }) => about === "who" || about === "ask"))
    .toSorted((a, b) => a.misses.length - b.misses.length || byId(a.policy, b.policy))
    .slice(0, waysShown)
    .map(({ policy: { id, document }, misses }) => ({
      policyId: id,
      policyName: document.name,
      reasons: misses.map((check) => check.describe([document], question)),
    }));
}

const waysShown = 5;

function firstMiss<Document extends PolicyDocument>(
  checks: readonly Check<Document>[],
  document: Document,
  question: PolicyQuestion,
): Reason | null {
  const failing = checks.find((check) => !check.matches(document, question));
  return failing === undefined ? null : failing.describe([document], question);
}
