import { z } from "zod";
import { actingUser } from "../identity/acting-user.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { type Page, pageInput } from "../kernel/page.ts";
import {
  listEndedGrantsOfHolder,
  listGrants,
  listLiveGrants,
  listLiveGrantsOfHolder,
} from "./grant.store.ts";
import type { Grant } from "./grant.ts";
import type { GrantView } from "./grant.view.ts";
import { presentGrant } from "./present-grant.ts";

/** One's own grants: all that are live come first, then those that ended, newest first. */
export const listMyGrants = operation({
  name: "grant.list",
  input: z.strictObject(pageInput),
  load: async (ctx: Context, { cursor, limit }) => {
    const holderId = actingUser(ctx).id;
    const [live, ended] = await Promise.all([
      cursor === undefined ? listLiveGrantsOfHolder(ctx, holderId) : [],
      listEndedGrantsOfHolder(ctx, holderId, { cursor, limit }),
    ]);
    return { facts: {}, page: { ...ended, items: [...live, ...ended.items] } };
  },
  decide: (ctx, _input, { page }) => ({ result: presented(ctx, page) }),
});

/** Everybody's: the live ones by end, of those the ones whose end has passed, or all of them, newest first. */
export const listAllGrants = operation({
  name: "grant.list-all",
  input: z.strictObject({ view: z.enum(["active", "overdue", "all"]), ...pageInput }),
  load: async (ctx: Context, { view, cursor, limit }) => ({
    facts: {},
    page: await reads[view](ctx, { cursor, limit }),
  }),
  decide: (ctx, _input, { page }) => ({ result: presented(ctx, page) }),
});

const reads = { active: listLiveGrants, overdue: listOverdue, all: listGrants } as const;

/** Should be revoked and is not, or not yet: what ended longest ago comes first. */
function listOverdue(ctx: Context, slice: Parameters<typeof listLiveGrants>[1]): Promise<Page<Grant>> {
  return listLiveGrants(ctx, { ...slice, endedBy: ctx.clock.now() });
}

function presented(ctx: Context, { items, nextCursor }: Page<Grant>): Page<GrantView> {
  return { items: items.map((grant) => presentGrant(ctx, grant)), nextCursor };
}
