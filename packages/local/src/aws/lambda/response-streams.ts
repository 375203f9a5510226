import { PassThrough } from "node:stream";
import type { LambdaHandler } from "./function.ts";

/** Lambda's own mark on a streaming handler; libraries look for it, too. */
const streamingMark = Symbol.for("aws.lambda.runtime.handler.streaming");

/** The stream that a streaming handler writes its answer to. */
export class ResponseStream extends PassThrough {
  contentType = "application/octet-stream";

  setContentType(contentType: string): void {
    this.contentType = contentType;
  }
}

const preludeEnd = new Uint8Array(8);

const awslambda = {
  streamifyResponse<H extends LambdaHandler>(handler: H): H {
    return Object.assign(handler, { [streamingMark]: "response" });
  },
  HttpResponseStream: {
    /** Puts status and headers before the body: JSON, then eight zero bytes. */
    from(stream: ResponseStream, metadata: unknown): ResponseStream {
      stream.setContentType("application/vnd.awslambda.http-integration-response");
      stream.write(JSON.stringify(metadata));
      stream.write(preludeEnd);
      return stream;
    },
  },
};

/** Gives handlers the global that Lambda's runtime gives them. */
export function installStreamingGlobal(): void {
  Object.assign(globalThis, { awslambda });
}

export function isStreaming(handler: LambdaHandler): boolean {
  return streamingMark in handler;
}
