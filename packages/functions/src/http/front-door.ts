import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { createMiddleware } from "hono/factory";
import type { ApiEnv, ApiParts } from "./parts.ts";
import { HttpProblem } from "./problem.ts";

/** CloudFront adds it to what it sends us; nobody else knows its value. */
export const originSecretHeader = "x-daypass-origin-secret";

/** CloudFront's function writes the viewer's address into it, over whatever the viewer wrote there. */
const viewerHeader = "x-daypass-viewer-address";

/** Behind CloudFront the gateway sees CloudFront's address. The viewer's own is in a header that anybody could write,
 * so it is believed only beside the secret; whatever comes without that secret came past the front door. */
export function throughFrontDoor({ originSecretDigests }: Pick<ApiParts, "originSecretDigests">) {
  const known = originSecretDigests.map((hex) => Buffer.from(hex, "hex"));
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (known.length > 0) {
      if (!isAmong(known, c.req.header(originSecretHeader) ?? "")) {
        throw new HttpProblem(
          403,
          "http.front-door",
          "Use the address of the page; this one is not for you.",
        );
      }
      c.set("call", { ...c.var.call, sourceIp: viewerAddress(c.req.header(viewerHeader)) });
    }
    await next();
  });
}

/** Digests have one length, so they can be compared in constant time; all are, whichever fits. */
function isAmong(known: readonly Buffer[], sent: string): boolean {
  const digest = createHash("sha256").update(sent).digest();
  return known.filter((each) => timingSafeEqual(each, digest)).length > 0;
}

/** Nothing rather than something odd. */
function viewerAddress(sent: string | undefined): string | undefined {
  return sent !== undefined && isIP(sent) !== 0 ? sent : undefined;
}
