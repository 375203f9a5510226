import { timingSafeEqual } from "node:crypto";
import { AwsError } from "./aws-error.ts";

/**
 * Who may talk to the server: programs on this machine that hold the access key. A browser page must not, whatever
 * name it gives the address (DNS rebinding) and whatever site it came from. Throws 403.
 */
export function admit(request: Request, accessKeyId: string): void {
  const host = request.headers.get("host") ?? "";
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host)) {
    throw new AwsError("AccessDeniedException", "Only loopback names are served.", 403);
  }
  if (request.headers.has("origin")) {
    throw new AwsError("AccessDeniedException", "Browser pages are not served.", 403);
  }
  const { pathname } = new URL(request.url);
  const isMailbox = pathname === "/mailbox" || pathname.startsWith("/mailbox/");
  if (isMailbox && request.method === "GET") return;
  const authorization = request.headers.get("authorization") ?? "";
  const [, given] = /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\//.exec(authorization) ?? [];
  if (given === undefined) {
    // DynamoDB says 400 where the others say 403.
    const status = (request.headers.get("x-amz-target") ?? "").startsWith("DynamoDB") ? 400 : 403;
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", status);
  }
  if (!isSame(given, accessKeyId)) {
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      403,
    );
  }
}

/** Reads the whole body, and no more of it than allowed. Throws 413. */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = (): AwsError =>
    new AwsError("RequestEntityTooLargeException", `The body must be smaller than ${limitBytes} bytes.`, 413);
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
