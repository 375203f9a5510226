import { z } from "zod";
import { listStory } from "../audit/event.reads.ts";
import { presentEvent } from "../audit/present-event.ts";
import { findGrant, listLiveGrantsOfDatabase } from "../grant/grant.store.ts";
import { presentGrant } from "../grant/present-grant.ts";
import { notFound } from "../kernel/errors.ts";
import { type Id, idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { presentRequest } from "./present-request.ts";
import type { PrivilegesContext } from "./privileges.port.ts";
import { findRequest, listRequestsOf } from "./request.store.ts";
import type { RequestDetailView } from "./request.view.ts";
import { requestFacts } from "./request-facts.ts";

/** Everything needed to decide on one request, and its whole story. */
export const readRequest = operation({
  name: "request.read",
  input: z.strictObject({ id: idSchema("request") }),
  load: async (ctx: PrivilegesContext, { id }) => {
    const request = await findRequest(ctx, id);
    if (!request) throw notFound("request");
    return { facts: requestFacts(ctx, request), request };
  },
  decide: async (ctx, _input, { request }) => {
    const { actor } = ctx;
    const grantId = request.grantId ?? request.extendsGrantId;
    const [view, grant, story, earlier, live] = await Promise.all([
      presentRequest(ctx, request),
      grantId ? findGrant(ctx, grantId) : undefined,
      listStory(ctx, request.story),
      listRequestsOf(ctx, request.requester.id, { limit: lookBack }),
      listLiveGrantsOfDatabase(ctx, request.database.id, lookBack),
    ]);
    const readerId = actor.kind === "user" ? actor.id : undefined;
    const seesAll = actor.kind === "user" && actor.roles.some((role) => role !== "member");
    const result: RequestDetailView = {
      ...view,
      requesterGroups: [...request.requesterGroups],
      privileges: ctx.privileges(request.database, request.level, request.scope),
      policy: { id: request.policyId as Id<"policy">, name: request.policyName },
      maxDurationMinutes: request.durationMinutes,
      grant: grant ? presentGrant(ctx, grant) : null,
      // From where somebody acts is for auditors, administrators and themselves.
      timeline: story.map((event) => ({
        ...presentEvent(event),
        ...(seesAll || event.actor.id === readerId ? {} : { sourceIp: null }),
      })),
      earlier: earlier.items
        .filter((other) => other.database.id === request.database.id && other.id !== request.id)
        .slice(0, 5)
        .map(({ id, level, status, durationMinutes, reason, createdAt }) => ({
          id,
          level,
          status,
          durationMinutes,
          reason,
          createdAt,
        })),
      // Who else holds access helps to decide, and is no concern of the requester.
      others: live
        .filter((other) => other.id !== grantId && (seesAll || request.requester.id !== readerId))
        .map((other) => ({ name: other.holder.name, level: other.level, endsAt: other.endsAt ?? null })),
    };
    return { result };
  },
});

/** How far back the hints beside a request look. */
const lookBack = 50;
