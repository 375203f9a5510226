import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createMiddleware } from "hono/factory";
import { requireOwnSite } from "./own-site.ts";
import type { ApiEnv, ApiParts } from "./parts.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** Lets nobody past whom neither a bearer token nor the session's cookie names. A bearer stands alone: browsers do not
 * send it by themselves, so it needs no CSRF token. */
export function signedIn(parts: ApiParts) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const bare = parts.contextFor(c.var.call);
    const bearer = bearerOf(c.req.header("Authorization"));
    const cookie = bearer === undefined ? readSessionCookie(c, parts.origin) : undefined;
    const { actor, session } = await authenticate(bare, { bearer, cookie });
    c.set("ctx", { ...bare, actor });
    c.set("session", session);
    if (session && !isSafe(c.req.method)) requireOwnSite(c.req, session, parts.origin);
    await next();
  });
}

/** RFC 6750, section 2.1. Any other Authorization header is a token that is no good. */
function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header)?.[1] ?? "";
}

/** RFC 9110, section 9.2.1. */
function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
