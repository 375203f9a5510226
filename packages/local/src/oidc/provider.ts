import { type Configuration, type KoaContextWithOIDC, Provider } from "oidc-provider";
import type { ProviderKeys } from "./key-file.ts";
import { memoryAdapter } from "./memory-adapter.ts";
import type { Person } from "./people.ts";
import { messagePage, signOutPage } from "./sign-in-page.ts";

export const clientId = "daypass";

export type ProviderOptions = {
  issuer: string;
  keys: ProviderKeys;
  people: readonly Person[];
  redirectUris: readonly string[];
  postLogoutRedirectUris: readonly string[];
};

/**
 * The OpenID provider of one machine. Whoever may open the page may sign in as anyone, so it differs from
 * a real one in two points: it asks who you are at every sign-in, and it asks for neither password nor consent.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));

  provider.use(async (ctx, next) => {
    // Without its cookie an earlier sign-in cannot be reused, so that the next person is always asked.
    if (ctx.path === "/auth" || ctx.path.startsWith("/auth/")) dropCookie(ctx.req, sessionCookie);
    await next();
  });
  return provider;
}

const sessionCookie = "daypass_provider_session";
const scopes = ["openid", "profile", "email", "groups"];

function configuration(options: ProviderOptions): Configuration {
  const { keys, people } = options;
  return {
    adapter: memoryAdapter(),
    clients: [
      {
        client_id: clientId,
        client_secret: keys.clientSecret,
        client_name: "Daypass",
        grant_types: ["authorization_code"],
        response_types: ["code"],
        redirect_uris: [...options.redirectUris],
        post_logout_redirect_uris: [...options.postLogoutRedirectUris],
      },
    ],
    jwks: { keys: [keys.signingKey] },
    cookies: {
      keys: [keys.cookieKey],
      // Browsers do not keep the cookies of two ports apart: these names must not meet the application's.
      names: {
        session: sessionCookie,
        interaction: "daypass_provider_interaction",
        resume: "daypass_provider_resume",
      },
    },
    pkce: { required: () => true },
    scopes,
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
      groups: ["groups", ...new Set(people.flatMap(({ claims = {} }) => Object.keys(claims)))].filter(
        (name) => !name.startsWith("_claim_"),
      ),
    },
    // The claims go into the ID token too, where Okta, Entra and Cognito put them.
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => {
      const person = people.find((candidate) => candidate.id === id);
      if (!person) return undefined;
      return {
        accountId: person.id,
        claims: () => ({
          sub: person.id,
          name: person.name,
          preferred_username: person.id,
          email: person.email,
          email_verified: true,
          groups: [...person.groups],
          ...person.claims,
        }),
      };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const consent = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      consent.addOIDCScope(scopes.join(" "));
      await consent.save();
      return consent;
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: signOut,
        postLogoutSuccessSource: (ctx) => {
          ctx.body = messagePage("Signed out", "You are signed out. You may close this page.");
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.type = "html";
      ctx.body = messagePage(
        "Sign-in did not work",
        `${out.error_description ?? out.error}. Go back to Daypass and sign in again.`,
      );
    },
    ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 3600 },
  };
}

/**
 * RP-Initiated Logout 1.0, section 2. Where the application says who it is and where to return to, the person is
 * not asked once more: a session here opens nothing.
 */
async function signOut(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  const { session, params } = ctx.oidc;
  const target = params?.["post_logout_redirect_uri"];
  if (!session || typeof target !== "string") {
    ctx.body = signOutPage(form);
    return;
  }
  await session.destroy();
  const uri = new URL(target);
  const state = params?.["state"];
  if (typeof state === "string") uri.searchParams.set("state", state);
  ctx.redirect(uri.href);
  ctx.status = 303;
}

function dropCookie(request: { headers: { cookie?: string | undefined } }, name: string): void {
  const { cookie } = request.headers;
  if (cookie === undefined) return;
  request.headers.cookie = cookie
    .split("; ")
    .filter((pair) => !pair.startsWith(`${name}=`) && !pair.startsWith(`${name}.sig=`))
    .join("; ");
}
