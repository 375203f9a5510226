import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findToken, revokingToken } from "./token.store.ts";

/** Takes a token away at once; for its owner and for administrators, from the page only. */
export const revokeToken = operation({
  name: "token.revoke",
  input: z.strictObject({ id: idSchema("token") }),
  load: async (ctx: Context, { id }) => {
    const token = await findToken(ctx, id);
    if (!token) throw notFound("token");
    return { facts: { what: "token", ownerId: token.userId }, token };
  },
  decide: (ctx, { id }, { token }) => ({
    result: null,
    writes: [revokingToken(ctx, id)],
    event: { subjectId: id, data: { name: token.name, ownerId: token.userId } },
  }),
});
