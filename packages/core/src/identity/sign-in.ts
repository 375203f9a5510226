import * as client from "openid-client";
import type { Context } from "../kernel/context.ts";
import { DomainError, invalid } from "../kernel/errors.ts";
import { type OpenedSession, openSession } from "./open-session.ts";
import { groupsSettingsOf, type OpenId } from "./openid.ts";
import { beginPending, consumePending, expired, signInMinutes } from "./pending-sign-in.store.ts";
import { lacksClaims, type Profile, profileOf } from "./profile.ts";
import { derived, newSecret } from "./random-secret.ts";
import { localPath } from "./return-path.ts";

export type SignInContext = Context & { openid: OpenId };

/** Holds the secret of a sign-in under way; to be set HttpOnly, Secure, SameSite=Lax, for the callback's path. */
export const signInCookie = "daypass_signin";

/** Begins the authorization code flow (RFC 6749 section 4.1) with PKCE (RFC 7636, S256) and a nonce.
 * `location` is where to send the browser, `cookie` what it has to bring back. */
export async function beginSignIn(
  ctx: SignInContext,
  { returnPath }: { returnPath?: string | undefined },
): Promise<{ location: string; cookie: string; maxAgeSeconds: number }> {
  const { settings } = ctx.openid;
  const configuration = await ctx.openid.configuration();
  const cookie = newSecret();
  await beginPending(ctx, cookie, localPath(returnPath));
  const { state, nonce, verifier } = proofsOf(cookie);
  const location = client.buildAuthorizationUrl(configuration, {
    redirect_uri: settings.redirectUri,
    scope: settings.scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return { location: location.href, cookie, maxAgeSeconds: signInMinutes * 60 };
}

/** Ends the flow: `query` is the query string of the callback, `cookie` what was given at the beginning. Each sign-in
 * can be finished once, by the browser that began it.
 * @throws DomainError invalid `sign-in.expired`, `sign-in.refused`, `sign-in.failed`; unavailable `sign-in.provider`;
 * forbidden `user.suspended`, `sign-in.groups-unknown`. */
export async function finishSignIn(
  ctx: SignInContext,
  { query, cookie }: { query: string; cookie: string | undefined },
): Promise<OpenedSession & { returnPath: string }> {
  if (cookie === undefined || cookie.length !== 43) throw expired();
  const { returnPath } = await consumePending(ctx, cookie);
  const profile = await profileFrom(ctx, query, cookie);
  return { ...(await openSession(ctx, profile)), returnPath };
}

async function profileFrom({ openid, log }: SignInContext, query: string, cookie: string): Promise<Profile> {
  const { redirectUri } = openid.settings;
  const groups = groupsSettingsOf(openid.settings);
  const configuration = await openid.configuration();
  const { state, nonce, verifier } = proofsOf(cookie);
  const callback = new URL(redirectUri);
  callback.search = query;
  try {
    const tokens = await client.authorizationCodeGrant(configuration, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error("no ID token");
    const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const userInfo =
      hasMore && lacksClaims(claims, groups)
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
    return profileOf(claims.iss, claims.sub, { idToken: claims, userInfo }, groups);
  } catch (error) {
    throw refusalOf(error, (reason) => log.warn("sign-in failed", { reason }));
  }
}

/** State, nonce and PKCE verifier, each 256 bits that follow from the cookie: nothing secret has to be kept. */
function proofsOf(cookie: string): { state: string; nonce: string; verifier: string } {
  return {
    state: derived(cookie, "state"),
    nonce: derived(cookie, "nonce"),
    verifier: derived(cookie, "verifier"),
  };
}

/** The provider's own words may repeat codes and tokens: only the kind of the failure is told and logged. */
function refusalOf(error: unknown, note: (reason: string) => void): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof client.AuthorizationResponseError) {
    note(error.error);
    return invalid("sign-in.refused", "The identity provider did not sign you in.", { error: error.error });
  }
  const reason = error instanceof client.ClientError ? (error.code ?? error.name) : nameOf(error);
  note(reason);
  if (isUnreachable(error)) {
    return new DomainError("unavailable", "sign-in.provider", "The identity provider does not answer.", {
      cause: error,
    });
  }
  return new DomainError("invalid", "sign-in.failed", "The sign-in could not be verified; sign in again.", {
    cause: error,
  });
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError && error.message === "fetch failed") return true;
  return error instanceof client.ClientError && error.code === "OAUTH_TIMEOUT";
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
