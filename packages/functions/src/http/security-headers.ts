import { isSecure } from "./session-cookie.ts";

/** For every answer of the API: nothing of it is ever to be rendered, framed, sniffed or kept. */
export function securityHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "interest-cohort=()",
    "cache-control": "no-store",
    ...(isSecure(origin) ? { "strict-transport-security": "max-age=63072000; includeSubDomains" } : {}),
  };
}
