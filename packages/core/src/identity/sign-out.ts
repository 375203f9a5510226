import * as client from "openid-client";
import { z } from "zod";
import { conflict } from "../kernel/errors.ts";
import { operation } from "../kernel/operation.ts";
import { actingUser } from "./acting-user.ts";
import { endingSession } from "./session.store.ts";
import type { SignInContext } from "./sign-in.ts";

/** Ends this session. `endSessionUrl` is where the provider ends its own, where it offers that. */
export const signOut = operation({
  name: "session.sign-out",
  input: z.strictObject({}),
  load: async (ctx: SignInContext) => ({
    facts: { what: "session" },
    actor: actingUser(ctx),
    endSessionUrl: await endSessionUrlOf(ctx),
  }),
  decide: (ctx, _input, { actor, endSessionUrl }) => {
    if (actor.via.kind !== "session") throw conflict("session.none", "A token has no session to end.");
    return {
      result: { endSessionUrl },
      writes: [endingSession(ctx, actor.via.idHash)],
      event: { subjectId: actor.id },
    };
  },
});

/** OpenID Connect RP-Initiated Logout 1.0, section 2. Signing out here must not wait for the provider there. */
async function endSessionUrlOf({ openid, log }: SignInContext): Promise<string | null> {
  try {
    const configuration = await openid.configuration();
    if (!configuration.serverMetadata().end_session_endpoint) return null;
    return client.buildEndSessionUrl(configuration, {
      client_id: openid.settings.clientId,
      post_logout_redirect_uri: openid.settings.postLogoutRedirectUri,
    }).href;
  } catch (error) {
    log.warn("provider's sign-out unknown", { reason: error instanceof Error ? error.name : "unknown" });
    return null;
  }
}
