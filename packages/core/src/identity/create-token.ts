import { z } from "zod";
import { plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, forbidden } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { tokenScopeSchema } from "../kernel/permission.ts";
import { actingUser } from "./acting-user.ts";
import { creatingToken, findToken, listTokensOf } from "./token.store.ts";
import { newBearer, type Token, viewOfToken } from "./token.ts";
import type { NewTokenView } from "./user.view.ts";

export const tokenLimit = 50;

/** Makes a token for the person who is signed in; its secret is in this answer and nowhere else. A token can make
 * others, but none that may do more or lives longer than itself. */
export const createToken = operation({
  name: "token.create",
  input: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u, "has invisible characters"),
    scopes: z
      .array(tokenScopeSchema)
      .min(1)
      .max(10)
      .refine((scopes) => new Set(scopes).size === scopes.length, "names a scope twice"),
    expiresInDays: z.number().int().min(1).max(365),
  }),
  load: async (ctx: Context) => {
    const actor = actingUser(ctx);
    const [maker, tokens] = await Promise.all([
      actor.via.kind === "token" ? findToken(ctx, actor.via.id) : undefined,
      listTokensOf(ctx, actor.id, ctx.clock.now()),
    ]);
    return { facts: { what: "token", ownerId: actor.id }, actor, maker, count: tokens.length };
  },
  decide: (ctx, { name, scopes, expiresInDays }, { actor, maker, count }) => {
    const createdAt = ctx.clock.now();
    const expiresAt = plusMinutes(createdAt, expiresInDays * 1440);
    if (!scopes.every((scope) => actor.scopes.includes(scope))) {
      throw forbidden("token.scope", "A token cannot make another that may do more than itself.");
    }
    if (actor.via.kind === "token" && !(maker && expiresAt <= maker.expiresAt)) {
      throw forbidden("token.outlives", "A token cannot make another that lives longer than itself.");
    }
    if (count >= tokenLimit) {
      throw conflict("token.too-many", `You have ${tokenLimit} tokens already; revoke some first.`);
    }
    const id = newId("token", ctx.ids);
    const { bearer, secretHash } = newBearer(id);
    const token: Token = { id, userId: actor.id, name, scopes, secretHash, createdAt, expiresAt };
    const result: NewTokenView = { ...viewOfToken(token), secret: bearer };
    return {
      result,
      writes: [creatingToken(ctx, token)],
      event: { subjectId: id, data: { name, scopes, expiresAt } },
    };
  },
});
