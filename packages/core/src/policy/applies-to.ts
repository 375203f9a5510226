import { targetChecks } from "./match-target.ts";
import type { PolicyDocument } from "./policy.ts";
import type { PolicyTarget } from "./question.ts";

/** Whether a policy is about this database at all, whoever asks for whatever. */
export function appliesTo(document: PolicyDocument, target: PolicyTarget, at: number): boolean {
  const user = { id: "", groups: [], suspended: false };
  const question = { user, target, level: "read", durationMinutes: 1, at, kind: "request" } as const;
  return document.enabled && targetChecks.every((check) => check.matches(document, question));
}
