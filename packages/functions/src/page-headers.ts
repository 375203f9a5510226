import { extname } from "node:path";

/** Headers of every file of the page, on one machine and behind CloudFront. Sign-in and sign-out lead to the identity
 * provider, and browsers apply form-action to the redirects that follow a form as well. */
export function pageSecurityHeaders(issuer: string) {
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      `form-action 'self' ${new URL(issuer).origin}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
  } as const;
}

/** What is told of one file, by its path in the built page. */
export function fileHeaders(path: string): { contentType: string; cacheControl: string } {
  return {
    contentType: contentTypes[extname(path)] ?? "application/octet-stream",
    // What is not named by its content is asked for again.
    cacheControl: isNamedByContent(path) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

/** A file of this name never changes. */
export function isNamedByContent(path: string): boolean {
  return path.startsWith("assets/");
}

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
