import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { instanceStays } from "../catalog/instance.store.ts";
import { notingPlan } from "../catalog/last-plan.store.ts";
import { listLiveGrantsOfHolder, planningGrant } from "../grant/grant.store.ts";
import { startTimer, type TimerContext } from "../grant/timer.port.ts";
import { actingUser } from "../identity/acting-user.ts";
import { userRef } from "../identity/user.ts";
import { forbidden, invalid, notFound } from "../kernel/errors.ts";
import { newId, ulidOf } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { allowedOrRefused, askFields, questionOf, reasonSchema } from "./ask.ts";
import { findTarget } from "./ask-target.ts";
import { countedMeanwhile, countingGlassUse, type GlassUse, type GlassUses } from "./break-glass.store.ts";
import { glassRefusal, limitsOf, loadGlassLedger } from "./break-glass-limits.ts";
import { findSent, fingerprintOf, rememberingSent } from "./idempotency.store.ts";
import { passing } from "./inbox.store.ts";
import { openingRequest } from "./open-requests.store.ts";
import { planGrant } from "./plan-grant.ts";
import type { LendingContext } from "./privileges.port.ts";
import { creatingRequest, findRequest } from "./request.store.ts";
import { type AccessRequest, lapseOf } from "./request.ts";
import { scopeProblem } from "./scope-problem.ts";
import { findFullServer } from "./server-room.ts";

const createOnce = operation({
  name: "request.create",
  input: z.strictObject({
    ...askFields,
    reason: reasonSchema,
    idempotencyKey: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 printable ASCII characters")
      .optional(),
  }),
  load: async (ctx: TimerContext & LendingContext, input) => {
    const actor = actingUser(ctx);
    const { idempotencyKey, ...content } = input;
    const sentId = idempotencyKey
      ? await findSent(ctx, actor.id, idempotencyKey, fingerprintOf(content))
      : undefined;
    const facts = { what: "database" };
    const sentBefore = sentId && (await findRequest(ctx, sentId));
    if (sentBefore) return { facts, sentBefore };
    const [target, live, glass] = await Promise.all([
      findTarget(ctx, input.databaseId, input.scope),
      listLiveGrantsOfHolder(ctx, actor.id),
      input.breakGlass ? loadGlassLedger(ctx, actor.id) : undefined,
    ]);
    if (!target) throw notFound("database");
    const [full, problem] = await Promise.all([
      findFullServer(ctx, target.instance, actor.id),
      scopeProblem(ctx, target, input),
    ]);
    return { facts, actor, target, live, glass, full, problem };
  },
  decide: (ctx, input, loaded) => {
    if (loaded.sentBefore) return { result: loaded.sentBefore };
    const { actor, target, live, glass, full, problem } = loaded;
    const now = ctx.clock.now();
    const decision = allowedOrRefused(target.policies, questionOf(actor, target.policyTarget, input, now));
    if (problem) throw invalid(problem.code, problem.message);
    if (live.length >= liveLimit) {
      throw forbidden(
        "request.too-many-grants",
        `You hold ${live.length} grants; end some before asking for more.`,
      );
    }
    const limits = limitsOf(target.policies, decision.policyId);
    const refusal = glass && glassRefusal(glass, limits);
    if (refusal) throw refusal;
    if (full) throw full;
    const id = newId("request", ctx.ids);
    const filed: AccessRequest = {
      id,
      story: ulidOf(id),
      kind: input.breakGlass ? "break-glass" : "access",
      status: "pending",
      version: 1,
      requester: userRef(actor),
      requesterGroups: actor.groups,
      database: target.ref,
      networkId: target.networkId,
      level: input.level,
      scope: input.scope,
      durationMinutes: input.durationMinutes,
      reason: input.reason,
      createdAt: now,
      lapsesAt: lapseOf(now, ctx.settings.request.lapseMinutes),
      policyId: decision.policyId,
      policyName: decision.policyName,
      maxDurationMinutes: decision.maxDurationMinutes,
      maxTotalMinutes: decision.maxTotalMinutes,
      hours: decision.hours,
      steps: decision.steps,
      reviews: [],
      automatic: decision.automatic,
    };
    const { idempotencyKey, ...content } = input;
    const remember = idempotencyKey
      ? [rememberingSent(ctx, actor.id, idempotencyKey, fingerprintOf(content), id, now)]
      : [];
    const event = (request: AccessRequest) => ({
      subjectId: id,
      story: request.story,
      database: eventDatabase(target.ref),
      data: {
        status: request.status,
        kind: request.kind,
        level: request.level,
        durationMinutes: request.durationMinutes,
        reason: request.reason,
        policyId: request.policyId,
        policyName: request.policyName,
        ...(glass ? { breakGlassToday: glass.today + 1, breakGlassPerDay: limits.perPersonPerDay } : {}),
      },
    });
    const [firstStep] = filed.steps;
    if (firstStep) {
      const writes = [
        creatingRequest(ctx, filed),
        ...passing(ctx, filed, undefined, firstStep),
        openingRequest(ctx, actor.id, ctx.settings.request.openLimit),
        ...remember,
      ];
      return { result: filed, writes, event: event(filed) };
    }
    const grant = planGrant(filed, ctx.settings.stack, now);
    const approved: AccessRequest = {
      ...filed,
      status: "approved",
      approvedDurationMinutes: filed.durationMinutes,
      decidedAt: now,
      grantId: grant.id,
    };
    return {
      result: approved,
      writes: [
        creatingRequest(ctx, approved),
        planningGrant(ctx, grant),
        instanceStays(ctx, target.ref.instance.id),
        notingPlan(ctx, target.ref.instance.id),
        ...(glass ? [countingGlassUse(ctx, withUse(glass.counted, { at: now, grantId: grant.id }))] : []),
        ...remember,
      ],
      event: event(approved),
      after: () => startTimer(ctx, grant),
    };
  },
});

/** Files a request for the person who is signed in. Where the policy has no approval steps it is approved at once.
 * Repeating an idempotency key returns the request that it made. Break-glass that is counted in
 * the same moment as another is looked at again. */
export const createRequest = insistent(
  createOnce,
  [countedMeanwhile],
  ({ breakGlass }) => breakGlass === true,
);

function withUse(counted: GlassUses, use: GlassUse): GlassUses {
  return { ...counted, uses: [...counted.uses, use] };
}

/** Far above what a person can use; bounds what one stolen session can mint. */
const liveLimit = 50;
