import type { Check } from "./check.ts";
import { approvalChecks, askChecks, hoursCheck } from "./match-ask.ts";
import { targetChecks, whoChecks } from "./match-target.ts";
import type { AllowPolicy, DenyPolicy, Policy } from "./policy.ts";
import { levels } from "./policy.ts";
import type { PolicyQuestion } from "./question.ts";
import { reason, type Taken } from "./reason.ts";

const enabled: Check = {
  about: "policy",
  matches: (document) => document.enabled,
  describe: () => reason("policy.disabled", {}),
};

const denies: Check<DenyPolicy> = {
  about: "policy",
  matches: (document, question) => takenBy(document, question).length > 0,
  describe: () => reason("policy.denies-something-else", {}),
};

/** In the order in which they are looked at: the first that fails is the one that is told. */
export const allowChecks: readonly Check<AllowPolicy>[] = [
  enabled,
  ...whoChecks,
  ...targetChecks,
  ...askChecks,
  ...approvalChecks,
];
export const denyChecks: readonly Check<DenyPolicy>[] = [
  enabled,
  ...whoChecks,
  ...targetChecks,
  hoursCheck,
  denies,
];

/** The allow policies that let exactly this, denials left aside. */
export function allowing(
  policies: readonly Policy[],
  question: PolicyQuestion,
): readonly Policy<AllowPolicy>[] {
  return policies
    .filter(isAllow)
    .filter(({ document }) => allowChecks.every((check) => check.matches(document, question)));
}

/** The deny policies that take something away that was asked for. */
export function denying(
  policies: readonly Policy[],
  question: PolicyQuestion,
): readonly Policy<DenyPolicy>[] {
  return policies
    .filter(isDeny)
    .filter(({ document }) => denyChecks.every((check) => check.matches(document, question)));
}

/** What of the question this document names; a level is taken away together with those above it. */
export function takenBy(document: DenyPolicy, question: PolicyQuestion): readonly Taken[] {
  const { may } = document;
  const reach = levels.slice(0, levels.indexOf(question.level) + 1);
  const taken: Taken[] = [];
  if (may.levels?.some((level) => reach.includes(level))) taken.push(question.level);
  if (may.breakGlass && question.kind === "break-glass") taken.push("break-glass");
  if (may.unmask && question.unmask) taken.push("unmask");
  if (may.export && question.export) taken.push("export");
  return taken;
}

export function isAllow(policy: Policy): policy is Policy<AllowPolicy> {
  return policy.document.effect === "allow";
}

export function isDeny(policy: Policy): policy is Policy<DenyPolicy> {
  return policy.document.effect === "deny";
}
