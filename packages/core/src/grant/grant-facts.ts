import type { Facts } from "../kernel/authorize.ts";
import type { Context } from "../kernel/context.ts";
import { isParticipant } from "../request/approval-of.ts";
import { findRequest } from "../request/request.store.ts";
import type { Grant } from "./grant.ts";

/** How the actor stands to a grant: who was asked to approve it may look at it. */
export async function grantFacts(ctx: Pick<Context, "actor" | "table">, grant: Grant): Promise<Facts> {
  const facts = { what: "grant", ownerId: grant.holder.id };
  if (ctx.actor.kind !== "user" || ctx.actor.id === grant.holder.id) return facts;
  const request = await findRequest(ctx, grant.requestId);
  return { ...facts, participant: request !== undefined && isParticipant(request, ctx.actor) };
}
