import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { actingUser } from "./acting-user.ts";
import { listTokensOf } from "./token.store.ts";
import { viewOfToken } from "./token.ts";

/** One's own tokens that have not expired, newest first. */
export const listTokens = operation({
  name: "token.list",
  input: z.strictObject({}),
  load: async (ctx: Context) => {
    const actor = actingUser(ctx);
    const tokens = await listTokensOf(ctx, actor.id, ctx.clock.now());
    return { facts: { what: "token", ownerId: actor.id }, tokens };
  },
  decide: (_ctx, _input, { tokens }) => ({ result: { items: tokens.map(viewOfToken) } }),
});
