import { isCsrfToken, type SessionFacts } from "@daypass/core/identity/session.ts";
import { forbidden } from "@daypass/core/kernel/errors.ts";
import type { HonoRequest } from "hono";

export const csrfHeader = "X-Daypass-Csrf";

/** A change made with a cookie must come from a script of our own page: it knows the token, which another site cannot
 * read, and the browser says that it comes from our origin.
 * @throws DomainError forbidden `csrf.origin`, `csrf.token`. */
export function requireOwnSite(request: HonoRequest, session: SessionFacts, origin: string): void {
  if (!comesFrom(request, origin)) {
    throw forbidden("csrf.origin", "Changes can only be made from the page itself.");
  }
  if (!isCsrfToken(session, request.header(csrfHeader))) {
    throw forbidden(
      "csrf.token",
      `The header ${csrfHeader} does not belong to this session; load the page again.`,
    );
  }
}

/** Fetch Metadata stands in where a browser leaves Origin out. Neither is as good as wrong. */
function comesFrom(request: HonoRequest, origin: string): boolean {
  const sent = request.header("Origin");
  return sent === undefined ? request.header("Sec-Fetch-Site") === "same-origin" : sent === origin;
}
