import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { findGrant } from "../grant/grant.store.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { closing } from "./close-request.ts";
import { findRequest } from "./request.store.ts";
import { decided } from "./request.ts";

/** Nobody decided in time. */
export const lapseRequest = operation({
  name: "request.lapse",
  input: z.strictObject({ id: idSchema("request") }),
  load: async (ctx: Context, { id }) => {
    const request = await findRequest(ctx, id);
    if (!request) throw notFound("request");
    const extended = request.extendsGrantId ? await findGrant(ctx, request.extendsGrantId) : undefined;
    return { facts: { what: "request", ownerId: request.requester.id }, request, extended };
  },
  decide: (ctx, _input, { request, extended }) => {
    const now = ctx.clock.now();
    if (now < request.lapsesAt)
      throw conflict("request.not-due", "This request has not reached its deadline.");
    const next = decided(request, "lapsed", now);
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
