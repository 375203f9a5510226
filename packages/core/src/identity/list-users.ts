import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { listUsers } from "./user.store.ts";
import { viewOfUser } from "./user.ts";

/** People by name. `q` finds those whose name, or whose mail address, begins with it; a page may be short. */
export const listAllUsers = operation({
  name: "user.list",
  input: z.strictObject({ q: z.string().trim().max(200).optional(), ...pageInput }),
  load: async (ctx: Context, input) => ({ facts: { what: "user" }, page: await listUsers(ctx, input) }),
  decide: (ctx, _input, { page }) => ({
    result: {
      nextCursor: page.nextCursor,
      items: page.items.map((user) => viewOfUser(user, ctx.settings.roleGroups)),
    },
  }),
});
