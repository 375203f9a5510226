import { createMiddleware } from "hono/factory";
import { HttpProblem } from "./problem.ts";

export const bodyLimitBytes = 256 * 1024;

/** Refuses bodies that are too large or not JSON before anything looks into them. */
export const bodyGuard = createMiddleware(async (c, next) => {
  if (Number(c.req.header("Content-Length") ?? 0) > bodyLimitBytes) throw tooLarge();
  if (c.req.raw.body !== null) {
    const { byteLength } = await c.req.arrayBuffer();
    if (byteLength > bodyLimitBytes) throw tooLarge();
    if (byteLength > 0 && !isJson(c.req.header("Content-Type"))) {
      throw new HttpProblem(415, "http.media-type", "The body must be application/json.");
    }
  }
  await next();
});

function tooLarge(): HttpProblem {
  return new HttpProblem(413, "http.too-large", `A body may have ${bodyLimitBytes} bytes.`);
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(contentType ?? "");
}
