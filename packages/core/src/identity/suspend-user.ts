import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict, forbidden, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findUser, savingUser } from "./user.store.ts";
import { suspended, viewOfUser } from "./user.ts";

/** Refuses a person everywhere from now on and ends their sessions for good; tokens rest until they are reinstated. */
export const suspendUser = operation({
  name: "user.suspend",
  input: z.strictObject({
    id: idSchema("user"),
    reason: z.string().trim().min(3, "say in a few words why").max(500),
  }),
  load: async (ctx: Context, { id }) => {
    const user = await findUser(ctx, id);
    if (!user) throw notFound("user");
    return { facts: { what: "user" }, user };
  },
  decide: (ctx, { id, reason }, { user }) => {
    if (ctx.actor.kind === "user" && ctx.actor.id === id) {
      throw forbidden("user.suspend-self", "You cannot suspend yourself; ask another administrator.");
    }
    if (user.suspendedAt) throw conflict("user.already-suspended", "This person is suspended already.");
    const next = suspended(user, reason, ctx.clock.now());
    return {
      result: viewOfUser(next, ctx.settings.roleGroups),
      writes: [savingUser(ctx, next)],
      event: { subjectId: id, data: { name: user.name, reason } },
    };
  },
});
