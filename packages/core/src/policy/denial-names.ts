import { denying } from "./match.ts";
import type { Policy } from "./policy.ts";
import type { PolicyQuestion } from "./question.ts";

/** The policies that deny this now, by name; allows are left aside. */
export function denialNames(policies: readonly Policy[], question: PolicyQuestion): string[] {
  return denying(policies, question).map(({ document }) => document.name);
}
