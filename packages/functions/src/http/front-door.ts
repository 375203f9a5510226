import { isIP } from "node:net";
import { createMiddleware } from "hono/factory";
import type { ApiEnv, ApiParts } from "./parts.ts";
import { HttpProblem } from "./problem.ts";

/** CloudFront adds it to what it sends us; nobody else knows its value. */
export const originSecretHeader = "x-daypass-origin-secret";

/** Behind CloudFront the gateway sees CloudFront's address. The viewer's own is in a header that anybody could write,
 * so it is believed only beside the secret; whatever comes without that secret came past the front door. */
export function throughFrontDoor({ frontDoor }: Pick<ApiParts, "frontDoor">) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (frontDoor) {
      if (!(await frontDoor.isKnown(c.req.header(originSecretHeader)))) {
        throw new HttpProblem(
          403,
          "http.front-door",
          "Use the address of the page; this one is not for you.",
        );
      }
      c.set("call", { ...c.var.call, sourceIp: viewerAddress(c.req.header("cloudfront-viewer-address")) });
    }
    await next();
  });
}

/** "198.51.100.7:46532", or "2001:db8::7:46532" with or without brackets. Nothing rather than something odd. */
export function viewerAddress(header: string | undefined): string | undefined {
  const [, address = ""] = /^\[?([0-9A-Fa-f.:]+?)\]?:\d{1,5}$/.exec(header ?? "") ?? [];
  return isIP(address) === 0 ? undefined : address;
}
