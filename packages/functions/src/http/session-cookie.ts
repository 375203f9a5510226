import { epochMs, type Instant } from "@daypass/core/kernel/clock.ts";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** `__Host-` keeps other hosts of the domain from writing it; browsers allow it over https only. */
export function cookieName(origin: string, what: string): string {
  return isSecure(origin) ? `__Host-${what}` : what;
}

/** Lax: it comes along when somebody follows a link to a request, and never with another site's form. */
export function cookieOptions(origin: string) {
  return { httpOnly: true, sameSite: "Lax", path: "/", secure: isSecure(origin) } as const;
}

export function readSessionCookie(c: Context, origin: string): string | undefined {
  return getCookie(c, cookieName(origin, sessionCookie)) || undefined;
}

export function writeSessionCookie(c: Context, origin: string, secret: string, endsAt: Instant): void {
  const options = { ...cookieOptions(origin), expires: new Date(epochMs(endsAt)) };
  setCookie(c, cookieName(origin, sessionCookie), secret, options);
}

export function dropSessionCookie(c: Context, origin: string): void {
  deleteCookie(c, cookieName(origin, sessionCookie), cookieOptions(origin));
}

const sessionCookie = "daypass";

export function isSecure(origin: string): boolean {
  return origin.startsWith("https://");
}
