import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findUser, savingUser } from "./user.store.ts";
import { reinstated, viewOfUser } from "./user.ts";

/** Lets a suspended person in again; they have to sign in anew. */
export const reinstateUser = operation({
  name: "user.reinstate",
  input: z.strictObject({ id: idSchema("user") }),
  load: async (ctx: Context, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    return { facts: { what: "user" }, user };
  },
  decide: (ctx, { id }, { user }) => {
    if (!user.suspendedAt) throw conflict("user.not-suspended", "This person is not suspended.");
    const next = reinstated(user);
    return {
      result: viewOfUser(next, ctx.settings.roleGroups),
      writes: [savingUser(ctx, next)],
      event: { subjectId: id, data: { name: user.name } },
    };
  },
});
