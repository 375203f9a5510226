import { z } from "zod";
import { countLiveGrants } from "../grant/grant.store.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { countToReview } from "../request/inbox.store.ts";
import { actingUser } from "./acting-user.ts";
import type { SessionFacts } from "./session.ts";
import { groupsView, userRef } from "./user.ts";
import type { MeView } from "./user.view.ts";

/** `session` as `authenticate` returned it. */
export type MeContext = Context & { session: SessionFacts | null };

/** Who is signed in, with what the page needs to draw itself. */
export const readMe = operation({
  name: "me.read",
  input: z.strictObject({}),
  load: async (ctx: MeContext) => {
    const actor = actingUser(ctx);
    const [inboxCount, activeGrantCount] = await Promise.all([
      countToReview(ctx, actor),
      countLiveGrants(ctx, actor.id),
    ]);
    return { facts: { what: "user", ownerId: actor.id }, actor, inboxCount, activeGrantCount };
  },
  decide: (ctx, _input, { actor, inboxCount, activeGrantCount }): { result: MeView } => ({
    result: {
      user: userRef(actor),
      ...groupsView(actor),
      roles: [...actor.roles],
      csrfToken: ctx.session?.csrfToken ?? null,
      sessionEndsAt: ctx.session?.endsAt ?? null,
      inboxCount,
      activeGrantCount,
    },
  }),
});
