import { epochMs, plusMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { ulid } from "ulid";
import type { ApiEnv, ApiParts } from "./parts.ts";
import { securityHeaders } from "./security-headers.ts";

/** Round every request: its id, the headers of its answer, and its one line in the log, which names the route and
 * never what was in the address, the cookies or the body. */
export function answering(parts: ApiParts) {
  const headers = securityHeaders(parts.origin);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const started = epochMs(systemClock.now());
    // Names given by callers would let them write other people's ids into the log and the trail.
    const requestId = c.env?.requestContext?.requestId ?? ulid();
    const log = parts.logFor(requestId);
    const remainingMs = c.env?.lambdaContext?.getRemainingTimeInMillis() ?? answerWithinMs;
    const endsAt = plusMs(systemClock.now(), remainingMs);
    c.set("call", { requestId, sourceIp: c.env?.requestContext?.http?.sourceIp, log, endsAt });
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    c.res.headers.set("x-request-id", requestId);
    const actor = c.get("ctx")?.actor;
    log.info("request", {
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      ms: epochMs(systemClock.now()) - started,
      ...(actor?.kind === "user" ? { actorId: actor.id, via: actor.via.kind } : {}),
    });
  });
}

/** As long as the API is given on AWS. */
const answerWithinMs = 29_000;

function routeOf(c: Parameters<typeof matchedRoutes>[0]): string {
  return matchedRoutes(c).findLast(({ method }) => method !== "ALL")?.path ?? "none";
}
