import { readMe } from "@daypass/core/identity/read-me.ts";
import { beginSignIn, finishSignIn, signInCookie } from "@daypass/core/identity/sign-in.ts";
import { signOut } from "@daypass/core/identity/sign-out.ts";
import { meView } from "@daypass/core/identity/user.view.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { describeError } from "../../log.ts";
import type { ApiEnv, ApiParts } from "../parts.ts";
import { limitAddress } from "../rate-limit.ts";
import { cookieName, cookieOptions, dropSessionCookie, writeSessionCookie } from "../session-cookie.ts";
import { about, answers, noBody, routes } from "./describe.ts";

const begin = createRoute({
  ...about("session.sign-in", "Sign in at the identity provider"),
  operationId: "session.begin-sign-in",
  method: "get",
  path: "/sign-in",
  request: {
    query: z.object({
      return: z.string().optional().meta({ description: "Path of the page to come back to" }),
    }),
  },
  responses: { 302: { description: "To the identity provider, or to the page that says why not" } },
});

const finish = createRoute({
  ...about("session.sign-in", "Where the identity provider sends people back to"),
  method: "get",
  path: "/sign-in/callback",
  request: { query: z.looseObject({ code: z.string().optional(), state: z.string().optional() }) },
  responses: { 302: { description: "To the page, signed in; or to the page that says why not" } },
});

const end = createRoute({
  ...about("session.sign-out", "End this session"),
  method: "post",
  path: "/sign-out",
  request: { body: noBody },
  responses: answers(
    200,
    "Where the identity provider ends its own session, if it offers that",
    z.strictObject({ endSessionUrl: z.string().nullable() }),
  ),
});

const me = createRoute({
  ...about("me.read", "Who is signed in"),
  method: "get",
  path: "/me",
  responses: answers(200, "The person, and what the page needs to draw itself", meView),
});

export function sessionRoutes(parts: ApiParts) {
  const { origin, perMinute } = parts;
  const cookie = cookieName(origin, signInCookie);
  const anonymous = (c: Context<ApiEnv>) => ({
    ...parts.contextFor(c.var.call),
    actor: { kind: "anonymous" } as const,
  });
  return routes()
    .openapi(begin, (c) =>
      orFailed(c, origin, async () => {
        const ctx = anonymous(c);
        await limitAddress(ctx, "sign-in", perMinute.signIns);
        const begun = await beginSignIn(ctx, { returnPath: c.req.valid("query").return });
        setCookie(c, cookie, begun.cookie, { ...cookieOptions(origin), maxAge: begun.maxAgeSeconds });
        return begun.location;
      }),
    )
    .openapi(finish, (c) =>
      orFailed(c, origin, async () => {
        const ctx = anonymous(c);
        await limitAddress(ctx, "sign-in", perMinute.signIns);
        const query = new URL(c.req.url).search;
        deleteCookie(c, cookie, cookieOptions(origin));
        const opened = await finishSignIn(ctx, { query, cookie: getCookie(c, cookie) });
        writeSessionCookie(c, origin, opened.cookie, opened.session.endsAt);
        return `${origin}${opened.returnPath}`;
      }),
    )
    .openapi(end, async (c) => {
      const ended = await signOut(c.var.ctx, {});
      dropSessionCookie(c, origin);
      return c.json(ended, 200);
    })
    .openapi(me, async (c) => c.json(await readMe({ ...c.var.ctx, session: c.var.session }, {}), 200));
}

/** A browser follows these addresses by itself: whatever goes wrong becomes a page for people to read. */
async function orFailed(c: Context<ApiEnv>, origin: string, step: () => Promise<string>) {
  try {
    return c.redirect(await step(), 302);
  } catch (error) {
    const { requestId, log } = c.var.call;
    const code = error instanceof DomainError ? error.code : "internal";
    if (code === "internal") log.error("sign-in failed", describeError(error));
    const query = new URLSearchParams({ code, requestId }).toString();
    return c.redirect(`${origin}/sign-in-failed?${query}`, 302);
  }
}
