import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { findGrant } from "../grant/grant.store.ts";
import { actingUser } from "../identity/acting-user.ts";
import { userRef } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { closing } from "./close-request.ts";
import { findRequest } from "./request.store.ts";
import { decided } from "./request.ts";
import { requestFacts } from "./request-facts.ts";

/** The requester takes a pending request back. */
export const cancelRequest = operation({
  name: "request.cancel",
  input: z.strictObject({ id: idSchema("request") }),
  load: async (ctx: Context, { id }) => {
    const request = await findRequest(ctx, id);
    if (!request) throw notFound("request");
    const extended = request.extendsGrantId ? await findGrant(ctx, request.extendsGrantId) : undefined;
    return { facts: requestFacts(ctx, request), request, extended };
  },
  decide: (ctx, _input, { request, extended }) => {
    const next = decided(request, "cancelled", ctx.clock.now(), { decidedBy: userRef(actingUser(ctx)) });
    return {
      result: next,
      writes: closing(ctx, request, next, extended),
      event: {
        subjectId: request.id,
        story: request.story,
        database: eventDatabase(request.database),
        data: { status: next.status },
      },
    };
  },
});
