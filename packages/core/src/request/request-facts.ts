import type { Facts } from "../kernel/authorize.ts";
import type { Context } from "../kernel/context.ts";
import { isParticipant } from "./approval-of.ts";
import type { AccessRequest } from "./request.ts";

/** How the actor stands to a request, for everything but a vote. */
export function requestFacts(ctx: Pick<Context, "actor">, request: AccessRequest): Facts {
  return {
    what: "request",
    ownerId: request.requester.id,
    participant: ctx.actor.kind === "user" && isParticipant(request, ctx.actor),
  };
}
