import type { Writable } from "node:stream";
import type { Context } from "aws-lambda";
import { type LambdaEvent, streamHandle } from "hono/aws-lambda";
import { apiParts } from "../control-plane.ts";
import { createApp } from "../http/app.ts";
import { keptAuthorization } from "../http/streamed.ts";
import { logs, streamingShell } from "./shell.ts";

const app = createApp({ ...apiParts(logs("api-stream")), onlyStreamed: true });
/** Hono gives it the type of a handler that is not streaming. */
const answer = streamHandle(app) as unknown as (
  event: LambdaEvent,
  stream: Writable,
  context: Context,
) => Promise<void>;

/** The streaming twin of the API behind a function URL (payload format 2.0), which CloudFront alone may call: the same
 * app with the same gates, for what is too large to be buffered. */
export const handler = streamingShell("api-stream", (event: LambdaEvent, stream, context) =>
  answer(asViewerSent(event), stream, context),
);

/** Signing the request, CloudFront puts its own signature where the viewer's token was; its function keeps that under
 * another name. */
function asViewerSent(event: LambdaEvent): LambdaEvent {
  const { authorization: _signature, [keptAuthorization]: own, ...headers } = event.headers ?? {};
  return {
    ...event,
    headers: own === undefined ? headers : { ...headers, authorization: own },
  } as LambdaEvent;
}
