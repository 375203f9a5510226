import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { findGrant, savingGrant } from "../grant/grant.store.ts";
import { extendedGrant, isRunning, moved } from "../grant/grant.ts";
import { grantFacts } from "../grant/grant-facts.ts";
import { cutOffOf, refuseCutOff } from "../grant/held.ts";
import { type TimerContext, wakeTimer } from "../grant/timer.port.ts";
import { actingUser } from "../identity/acting-user.ts";
import { minutesBetween } from "../kernel/clock.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema, newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { allowedOrRefused, durationMinutesSchema, questionOf, reasonSchema } from "./ask.ts";
import { findTarget } from "./ask-target.ts";
import { passing } from "./inbox.store.ts";
import { openingRequest } from "./open-requests.store.ts";
import { creatingRequest } from "./request.store.ts";
import { type AccessRequest, lapseOf } from "./request.ts";

/** Asks for a later end of a running grant: a request of its own, with the approval that policy wants for it now.
 * The account and its credential stay as they are. */
export const extendGrant = operation({
  name: "grant.extend",
  input: z.strictObject({
    id: idSchema("grant"),
    durationMinutes: durationMinutesSchema,
    reason: reasonSchema,
  }),
  load: async (ctx: TimerContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    const [target, facts, cutOff] = await Promise.all([
      findTarget(ctx, grant.database.id, grant.scope),
      grantFacts(ctx, grant),
      cutOffOf(ctx, grant),
    ]);
    return { facts, grant, target, cutOff };
  },
  decide: (ctx, input, { grant, target, cutOff }) => {
    const actor = actingUser(ctx);
    const now = ctx.clock.now();
    if (!isRunning(grant, now)) {
      throw conflict("grant.not-active", "The access has ended or not begun; ask for it anew.", {
        state: grant.state,
      });
    }
    refuseCutOff(cutOff);
    if (grant.pendingExtensionId) {
      throw conflict(
        "grant.extension-pending",
        "An extension of this access is waiting for its decision already.",
        {
          requestId: grant.pendingExtensionId,
        },
      );
    }
    if (!target) throw conflict("database.missing", "The database is no longer registered.");
    const decision = allowedOrRefused(target.policies, {
      ...questionOf(actor, target.policyTarget, { ...input, level: grant.level, breakGlass: false }, now),
      kind: "extension",
      totalMinutes: Math.ceil(minutesBetween(grant.startedAt, grant.endsAt)) + input.durationMinutes,
    });
    const filed: AccessRequest = {
      id: newId("request", ctx.ids),
      story: grant.story,
      kind: "extension",
      status: "pending",
      version: 1,
      requester: grant.holder,
      requesterGroups: actor.groups,
      database: grant.database,
      networkId: grant.networkId,
      level: grant.level,
      scope: grant.scope,
      durationMinutes: input.durationMinutes,
      reason: input.reason,
      createdAt: now,
      lapsesAt: lapseOf(now, ctx.settings.request.lapseMinutes, grant.endsAt),
      policyId: decision.policyId,
      policyName: decision.policyName,
      maxDurationMinutes: decision.maxDurationMinutes,
      maxTotalMinutes: decision.maxTotalMinutes,
      hours: decision.hours,
      steps: decision.steps,
      reviews: [],
      automatic: decision.automatic,
      extendsGrantId: grant.id,
    };
    const event = (request: AccessRequest) => ({
      subjectId: grant.id,
      story: grant.story,
      database: eventDatabase(grant.database),
      data: {
        requestId: request.id,
        status: request.status,
        durationMinutes: request.durationMinutes,
        reason: request.reason,
        policyName: request.policyName,
      },
    });
    const [firstStep] = filed.steps;
    if (firstStep) {
      const marked = moved(grant, "active", { pendingExtensionId: filed.id });
      const writes = [
        creatingRequest(ctx, filed),
        savingGrant(ctx, marked),
        ...passing(ctx, filed, undefined, firstStep),
        openingRequest(ctx, actor.id, ctx.settings.request.openLimit),
      ];
      return { result: filed, writes, event: event(filed) };
    }
    const approved: AccessRequest = {
      ...filed,
      status: "approved",
      approvedDurationMinutes: filed.durationMinutes,
      decidedAt: now,
    };
    const later = extendedGrant(grant, filed.durationMinutes, now);
    return {
      result: approved,
      writes: [creatingRequest(ctx, approved), savingGrant(ctx, later)],
      event: event(approved),
      after: () => wakeTimer(ctx, later),
    };
  },
});
