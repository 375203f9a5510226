import type { DatabaseRef, Level, Scope } from "../catalog/catalog.view.ts";
import type { UserRef } from "../identity/user.view.ts";
import { type Instant, plusMinutes } from "../kernel/clock.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { ApprovalStep, PolicyHours } from "../policy/policy.ts";
import type { RequestKind, RequestStatus } from "./request.view.ts";

/** An approving or rejecting vote; comments are events of the story. */
export type Review = { reviewer: UserRef; step: number; decision: "approve" | "reject"; at: Instant };

/** What somebody asked for, with the policy's terms as they were at that moment: later edits never widen it. */
export type AccessRequest = {
  id: Id<"request">;
  /** ULID that ties it to its grant; an extension carries the story of the grant it extends. */
  story: string;
  kind: RequestKind;
  status: RequestStatus;
  version: number;
  /** Names of people and databases as they were at that moment. */
  requester: UserRef;
  requesterGroups: readonly string[];
  database: DatabaseRef;
  networkId: Id<"network">;
  level: Level;
  scope: Scope;
  durationMinutes: number;
  approvedDurationMinutes?: number;
  reason: string;
  createdAt: Instant;
  lapsesAt: Instant;
  decidedAt?: Instant;
  decidedBy?: UserRef;
  decisionComment?: string;
  policyId: string;
  policyName: string;
  maxDurationMinutes: number;
  maxTotalMinutes: number;
  /** When access may start, by the policy that allowed it; null: at any hour. */
  hours: PolicyHours | null;
  steps: readonly ApprovalStep[];
  reviews: readonly Review[];
  automatic: boolean;
  grantId?: Id<"grant">;
  extendsGrantId?: Id<"grant">;
};

type Decided = Exclude<RequestStatus, "pending">;

/** The request after its decision.
 * @throws DomainError conflict `request.already-decided` unless it is pending. */
export function decided(
  request: AccessRequest,
  status: Decided,
  now: Instant,
  change: Partial<
    Pick<AccessRequest, "decidedBy" | "decisionComment" | "approvedDurationMinutes" | "grantId" | "reviews">
  > = {},
): AccessRequest {
  if (request.status !== "pending") throw alreadyDecided(request);
  return { ...request, ...change, status, decidedAt: now, version: request.version + 1 };
}

export function alreadyDecided(
  request: Pick<AccessRequest, "status" | "decidedBy" | "decidedAt">,
): DomainError {
  return conflict("request.already-decided", `This request is ${request.status} already.`, {
    status: request.status,
    decidedBy: request.decidedBy ?? null,
    decidedAt: request.decidedAt ?? null,
  });
}

/** The duration that all approvers agree to: the shortest that any of them gave. */
export function shortened(request: AccessRequest, durationMinutes: number | undefined): number {
  return Math.min(
    request.approvedDurationMinutes ?? request.durationMinutes,
    durationMinutes ?? request.durationMinutes,
  );
}

export function lapseOf(createdAt: Instant, lapseMinutes: number, before?: Instant): Instant {
  const regular = plusMinutes(createdAt, lapseMinutes);
  return before !== undefined && before < regular ? before : regular;
}
