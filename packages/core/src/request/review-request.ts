import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { instanceStays } from "../catalog/instance.store.ts";
import { notingPlan } from "../catalog/last-plan.store.ts";
import { findGrant, planningGrant, savingGrant } from "../grant/grant.store.ts";
import { extendedGrant, type Grant } from "../grant/grant.ts";
import { cutOffOf, refuseCutOff } from "../grant/held.ts";
import { startTimer, type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { actingUser } from "../identity/acting-user.ts";
import { findUser } from "../identity/user.store.ts";
import { userRef } from "../identity/user.ts";
import { epochMs } from "../kernel/clock.ts";
import type { UserActor } from "../kernel/context.ts";
import { conflict, invalid, notFound } from "../kernel/errors.ts";
import type { EventDraft } from "../kernel/event.ts";
import { idSchema } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { type Decision, operation } from "../kernel/operation.ts";
import { withinHours } from "../policy/hours.ts";
import { approvalOf, currentStep, isParticipant, reviewRight } from "./approval-of.ts";
import { durationMinutesSchema } from "./ask.ts";
import { findTarget } from "./ask-target.ts";
import { closing } from "./close-request.ts";
import { commentSchema } from "./comment-request.ts";
import { refuseDeniedMeanwhile } from "./denied-meanwhile.ts";
import { passing } from "./inbox.store.ts";
import { planGrant } from "./plan-grant.ts";
import { findRequest, savingRequest } from "./request.store.ts";
import { type AccessRequest, alreadyDecided, decided, type Review, shortened } from "./request.ts";

const reviewOnce = operation({
  name: "request.review",
  input: z.strictObject({
    id: idSchema("request"),
    decision: z.enum(["approve", "reject"]),
    comment: commentSchema.optional(),
    durationMinutes: durationMinutesSchema.optional(),
  }),
  load: async (ctx: TimerContext, { id, decision }) => {
    const request = await findRequest(ctx, id);
    if (!request) throw notFound("request");
    const [extended, requester, target] = await Promise.all([
      request.extendsGrantId ? findGrant(ctx, request.extendsGrantId) : undefined,
      findUser(ctx, request.requester.id),
      findTarget(ctx, request.database.id, { kind: "database" }),
    ]);
    const cutOff = extended && (await cutOffOf(ctx, extended));
    return { facts: factsFor(ctx, request, decision), request, extended, requester, target, cutOff };
  },
  decide: (ctx, input, { request, extended, requester, target, cutOff }): Decision<AccessRequest> => {
    if (request.status !== "pending") throw alreadyDecided(request);
    const reviewer = userRef(actingUser(ctx));
    const now = ctx.clock.now();
    const step = approvalOf(request).currentStep ?? 0;
    const review: Review = { reviewer, step, decision: input.decision, at: now };
    const event = (next: AccessRequest) => ({
      subjectId: request.id,
      story: request.story,
      database: eventDatabase(request.database),
      data: {
        decision: input.decision,
        comment: input.comment ?? null,
        status: next.status,
        step: step + 1,
        durationMinutes: next.approvedDurationMinutes ?? next.durationMinutes,
      },
    });
    const reviews = [...request.reviews, review];
    if (input.decision === "reject") {
      if (!input.comment) throw invalid("review.reason-missing", "Say why you reject it.");
      const next = decided(request, "rejected", now, {
        decidedBy: reviewer,
        decisionComment: input.comment,
        reviews,
      });
      return { result: next, writes: closing(ctx, request, next, extended), event: event(next) };
    }
    if (input.durationMinutes !== undefined && input.durationMinutes > request.durationMinutes) {
      throw invalid("review.longer", "An approver may shorten what was asked for, not lengthen it.");
    }
    if (now >= request.lapsesAt)
      throw conflict("request.lapsed", "This request has lapsed.", { status: "lapsed" });
    if (!requester || requester.suspendedAt) {
      throw conflict("request.requester-suspended", "The requester is suspended; reject it or wait.");
    }
    refuseDeniedMeanwhile(target, request, requester, now);
    refuseCutOff(cutOff);
    const approvedDurationMinutes = shortened(request, input.durationMinutes);
    const voted: AccessRequest = { ...request, reviews, approvedDurationMinutes };
    if (!approvalOf(voted).complete) {
      const next = { ...voted, version: request.version + 1 };
      const writes = [
        savingRequest(ctx, next),
        ...passing(ctx, next, currentStep(request), currentStep(next)),
      ];
      return { result: next, writes, event: event(next) };
    }
    if (request.hours && !withinHours(request.hours, epochMs(now))) {
      throw conflict(
        "request.outside-hours",
        "Policy lets this access start only within its hours; approve it then.",
      );
    }
    const change = { decidedBy: reviewer, decisionComment: input.comment, reviews, approvedDurationMinutes };
    if (request.kind === "extension") return extend(ctx, request, extended, change, event);
    const grant = planGrant(voted, ctx.settings.stack, now);
    const next = decided(request, "approved", now, { ...defined(change), grantId: grant.id });
    return {
      result: next,
      writes: [
        ...closing(ctx, request, next),
        planningGrant(ctx, grant),
        instanceStays(ctx, request.database.instance.id),
        notingPlan(ctx, request.database.instance.id),
      ],
      event: event(next),
      after: () => startTimer(ctx, grant),
    };
  },
});

/** A vote of an approver of the current step; rights are those at the moment of the click. The last approval puts the
 * grant on record in the same transaction; a rejection needs its reason,
 * and does not give way to votes that come in the same moment. */
export const reviewRequest = insistent(
  reviewOnce,
  ["request.changed", "grant.changed", "table.busy"],
  ({ decision }) => decision === "reject",
);

type Change = {
  decidedBy: AccessRequest["requester"];
  decisionComment: string | undefined;
  reviews: Review[];
  approvedDurationMinutes: number;
};

function extend(
  ctx: TimerContext,
  request: AccessRequest,
  grant: Grant | undefined,
  change: Change,
  event: (next: AccessRequest) => EventDraft,
): Decision<AccessRequest> {
  const now = ctx.clock.now();
  const next = decided(request, "approved", now, defined(change));
  const later = extendedGrant(grant, change.approvedDurationMinutes, now);
  return {
    result: next,
    writes: [...closing(ctx, request, next), savingGrant(ctx, later)],
    event: event(next),
    after: () => wakeTimer(ctx, later),
  };
}

/** One who comes too late to a decided request is told so, if they could have decided it. */
function factsFor(ctx: TimerContext, request: AccessRequest, decision: "approve" | "reject") {
  const facts = { what: "request", ownerId: request.requester.id };
  if (ctx.actor.kind !== "user") return facts;
  const actor: UserActor = ctx.actor;
  const participant = isParticipant(request, actor);
  if (request.status !== "pending") return { ...facts, participant, reviewer: participant };
  const right = reviewRight(request, actor, decision);
  return {
    ...facts,
    participant,
    reviewer: right.allowed,
    refusal: right.allowed ? undefined : { code: right.code, message: right.message },
  };
}

function defined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
