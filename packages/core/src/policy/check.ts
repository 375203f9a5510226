import type { PolicyDocument } from "./policy.ts";
import type { PolicyQuestion } from "./question.ts";
import type { Reason } from "./reason.ts";

/** One condition of a policy. `about` tells what would have to change: the policy, who asks, where, or the ask. */
export interface Check<Document extends PolicyDocument = PolicyDocument> {
  readonly about: "policy" | "who" | "target" | "ask";
  readonly matches: (document: Document, question: PolicyQuestion) => boolean;
  /** Why these policies do not match; of several the one that comes closest speaks. At least one is given. */
  readonly describe: (documents: readonly [Document, ...Document[]], question: PolicyQuestion) => Reason;
}
