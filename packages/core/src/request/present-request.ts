import { findGrants } from "../grant/grant.store.ts";
import { findUsers } from "../identity/user.store.ts";
import { userRef } from "../identity/user.ts";
import type { UserRef } from "../identity/user.view.ts";
import type { Context } from "../kernel/context.ts";
import { type Id, isId } from "../kernel/ids.ts";
import { approvalProgress } from "../policy/approval.ts";
import { stuckFinder } from "../policy/find-stuck.ts";
import type { ApprovalStep } from "../policy/policy.ts";
import type { StuckView } from "../policy/stuck.view.ts";
import { approvalOf, asApproval, isParticipant, reviewRight } from "./approval-of.ts";
import type { AccessRequest } from "./request.ts";
import type { RequestView, StepView } from "./request.view.ts";

/** Requests as the actor may see them: two batched reads for the whole page. */
export async function presentRequests(
  ctx: Context,
  requests: readonly AccessRequest[],
  stuck: ReadonlyMap<Id<"request">, StuckView> = new Map(),
): Promise<RequestView[]> {
  const grantIds = requests.flatMap((request) => request.grantId ?? request.extendsGrantId ?? []);
  const [grants, names] = await Promise.all([
    findGrants(ctx, grantIds),
    namesOf(
      ctx,
      requests.flatMap((request) => request.steps),
    ),
  ]);
  return requests.map((request) => {
    const grantId = request.grantId ?? request.extendsGrantId;
    const grant = grantId ? grants.get(grantId) : undefined;
    return {
      id: request.id,
      kind: request.kind,
      status: request.status,
      requester: request.requester,
      database: request.database,
      level: request.level,
      scope: request.scope,
      durationMinutes: request.durationMinutes,
      approvedDurationMinutes: request.approvedDurationMinutes ?? null,
      reason: request.reason,
      createdAt: request.createdAt,
      lapsesAt: request.lapsesAt,
      decidedAt: request.decidedAt ?? null,
      decidedBy: request.decidedBy ?? null,
      decisionComment: request.decisionComment ?? null,
      steps: presentSteps(request.steps, names, request),
      automatic: request.automatic,
      grantId: request.grantId ?? null,
      grantState: grant?.state ?? null,
      grantEndsAt: grant?.state === "provisioning" ? null : (grant?.endsAt ?? null),
      extendsGrantId: request.extendsGrantId ?? null,
      stuck: stuck.get(request.id) ?? null,
      may: mayOf(ctx, request),
      version: request.version,
    };
  });
}

export async function presentRequest(ctx: Context, request: AccessRequest): Promise<RequestView> {
  const [view] = await presentRequests(ctx, [request], await stuckAmong(ctx, [request]));
  if (!view) throw new Error("one request in, one view out");
  return view;
}

/** Which of these wait for nobody who is known. */
export async function stuckAmong(
  ctx: Pick<Context, "table">,
  requests: readonly AccessRequest[],
): Promise<Map<Id<"request">, StuckView>> {
  const find = stuckFinder(ctx);
  const found = new Map<Id<"request">, StuckView>();
  for (const request of requests.filter(({ status }) => status === "pending")) {
    const stuck = await find(asApproval(request));
    if (stuck) found.set(request.id, stuck);
  }
  return found;
}

/** The steps of an approval that has not begun, for the preview. */
export async function presentNewSteps(ctx: Context, steps: readonly ApprovalStep[]): Promise<StepView[]> {
  return presentSteps(steps, await namesOf(ctx, steps));
}

type Names = ReadonlyMap<string, UserRef>;

function presentSteps(steps: readonly ApprovalStep[], names: Names, request?: AccessRequest): StepView[] {
  const progress = request ? approvalOf(request) : approvalProgress({ steps, votes: [], requesterIds: [] });
  const reviewers = new Map(request?.reviews.map(({ reviewer }) => [reviewer.id as string, reviewer]));
  return steps.map((step, index) => ({
    name: step.name ?? null,
    count: step.count,
    users: step.users.flatMap((id) => names.get(id) ?? []),
    groups: [...step.groups],
    approvedBy: (progress.steps[index]?.approvedBy ?? []).flatMap((id) => reviewers.get(id) ?? []),
    status:
      progress.currentStep === index ? "current" : isDone(progress.currentStep, index) ? "done" : "waiting",
  }));
}

function isDone(currentStep: number | null, index: number): boolean {
  return currentStep === null || index < currentStep;
}

async function namesOf(ctx: Context, steps: readonly ApprovalStep[]): Promise<Names> {
  const ids = steps.flatMap((step) => step.users).filter((id): id is Id<"user"> => isId("user", id));
  const users = await findUsers(ctx, ids);
  return new Map([...users].map(([id, user]) => [id, userRef(user)]));
}

function mayOf(ctx: Context, request: AccessRequest): RequestView["may"] {
  const { actor } = ctx;
  if (actor.kind !== "user") return { review: false, comment: false, cancel: false };
  const isOwner = actor.id === request.requester.id;
  const isPending = request.status === "pending" && ctx.clock.now() < request.lapsesAt;
  return {
    review: isPending && reviewRight(request, actor, "approve").allowed,
    comment: isOwner || isParticipant(request, actor) || actor.roles.includes("administrator"),
    cancel: isOwner && request.status === "pending",
  };
}
