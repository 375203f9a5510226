import type { ApprovalStep, PolicyHours } from "./policy.ts";
import type { Reason, ReasonCode } from "./reason.ts";

export type Decision = AllowedDecision | RefusedDecision;

/** All of it comes from one policy; a request keeps it as its snapshot, so that later edits never widen it. */
export interface AllowedDecision {
  readonly outcome: "allowed";
  readonly policyId: string;
  readonly policyName: string;
  readonly policyVersion: number;
  /** The most that could have been asked for under this policy; an approver may shorten, never lengthen. */
  readonly maxDurationMinutes: number;
  /** The most that the grant may last with its extensions. */
  readonly maxTotalMinutes: number;
  /** When access may start; null: at any time. To be looked at again when the last approval arrives. */
  readonly hours: PolicyHours | null;
  /** In order, without the requester. */
  readonly steps: readonly ApprovalStep[];
  /** No steps: approved by the policy itself. */
  readonly automatic: boolean;
  readonly unmask: boolean;
  readonly export: boolean;
}

/** `code` is that of the first reason. */
export interface RefusedDecision {
  readonly outcome: "refused";
  readonly code: ReasonCode;
  readonly reasons: readonly Reason[];
}
