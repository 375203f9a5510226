import { z } from "zod";
import { actingUser } from "../identity/acting-user.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { listToReview } from "./inbox.store.ts";
import { presentRequests, stuckAmong } from "./present-request.ts";
import { listRequests, listRequestsOf } from "./request.store.ts";
import { requestStatusSchema } from "./request.view.ts";

/** One's own requests, newest first; or those that wait for one's review, oldest first. */
export const listMyRequests = operation({
  name: "request.list",
  input: z.strictObject({
    view: z.enum(["mine", "to-review"]),
    status: requestStatusSchema.optional(),
    ...pageInput,
  }),
  load: async (ctx: Context, { view, ...slice }) => {
    const actor = actingUser(ctx);
    const page = await (view === "mine"
      ? listRequestsOf(ctx, actor.id, slice)
      : listToReview(ctx, actor, slice));
    return { facts: {}, page };
  },
  decide: async (ctx, _input, { page }) => ({
    result: { items: await presentRequests(ctx, page.items), nextCursor: page.nextCursor },
  }),
});

/** Everybody's, newest first; what waits for nobody who is known says so. */
export const listAllRequests = operation({
  name: "request.list-all",
  input: z.strictObject({ status: requestStatusSchema.optional(), ...pageInput }),
  load: async (ctx: Context, slice) => ({ facts: {}, page: await listRequests(ctx, slice) }),
  decide: async (ctx, _input, { page }) => {
    const items = await presentRequests(ctx, page.items, await stuckAmong(ctx, page.items));
    return { result: { items, nextCursor: page.nextCursor } };
  },
});
