import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./parts.ts";
import { HttpProblem } from "./problem.ts";
import { streamedPaths } from "./streamed-paths.ts";

/** Where CloudFront's function keeps the caller's `Authorization`, whose place the signature takes. */
export const keptAuthorization = "x-daypass-authorization";

/** The twin answers nothing else, also not to whoever finds another way to it. CloudFront signs requests to it without
 * their body, so anything but a read would be refused by AWS before it came here. */
export const onlyStreamed = createMiddleware<ApiEnv>(async (c, next) => {
  if (!streamedPaths.some((path) => path === c.req.path)) {
    throw new HttpProblem(404, "http.no-route", "There is nothing at this address.");
  }
  if (c.req.method !== "GET" && c.req.method !== "HEAD") {
    throw new HttpProblem(405, "http.method", "This address takes GET, HEAD.", { allow: "GET, HEAD" });
  }
  await next();
});
