import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { findRequest } from "./request.store.ts";
import { requestFacts } from "./request-facts.ts";

export const commentSchema = prose({ min: 1, max: 2000, tooShort: "say something" });

/** A remark in the story; it decides nothing and may be made at any time, also after the end. */
export const commentRequest = operation({
  name: "request.comment",
  input: z.strictObject({ id: idSchema("request"), comment: commentSchema }),
  load: async (ctx: Context, { id }) => {
    const request = await findRequest(ctx, id);
    if (!request) throw notFound("request");
    return { facts: requestFacts(ctx, request), request };
  },
  decide: (_ctx, { comment }, { request }) => ({
    result: request,
    writes: [],
    event: {
      subjectId: request.id,
      story: request.story,
      database: eventDatabase(request.database),
      data: { comment },
    },
  }),
});
