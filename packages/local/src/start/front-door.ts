import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { keptAuthorization } from "@daypass/functions/http/streamed.ts";
import { streamedPaths } from "@daypass/functions/http/streamed-paths.ts";
import { ResponseStream } from "../aws/lambda/response-streams.ts";
import { listenNear } from "../listen-near.ts";
import { type ApiAnswer, apiAnswerOf } from "./api-answer.ts";
import { type ApiEvent, apiEventOf } from "./api-event.ts";
import { compress } from "./compression.ts";
import type { PageFiles } from "./page-files.ts";
import { sendStreamed } from "./streamed-answer.ts";

/** What the front door shows once everything behind it runs. */
export type Behind = {
  /** Runs the api function; the payload is what it returned. Never rejects. */
  invokeApi(event: ApiEvent, requestId: string): Promise<{ payload: string; error?: unknown }>;
  /** Runs its streaming twin, which writes its answer to `stream`; resolves with the error if there was one. */
  streamApi(event: ApiEvent, requestId: string, stream: ResponseStream): Promise<unknown>;
  files: PageFiles;
  pageHeaders: Record<string, string>;
};

export type FrontDoor = {
  port: number;
  origin: string;
  open(behind: Behind): void;
  close(): Promise<void>;
};

/**
 * The address that people open: what CloudFront and API Gateway are in AWS. It listens from the first moment, so
 * that its port is known to all others, and asks for patience until `open`.
 */
export async function startFrontDoor(port: number, isExact: boolean): Promise<FrontDoor> {
  const server = createServer();
  const bound = isExact ? await listenExactly(server, port) : await listenNear(server, port);
  const origin = `http://127.0.0.1:${bound}`;
  let behind: Behind | undefined;
  server.on("request", (request, response) => {
    answer(request, response, origin, behind).catch(() => response.destroy());
  });
  return {
    port: bound,
    origin,
    open: (ready) => {
      behind = ready;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenExactly(server: Server, port: number): Promise<number> {
  const bound = await listenNear(server, port, 1).catch(() => undefined);
  if (bound === undefined)
    throw new Error(`Port ${port} is in use by another program. Choose another with --port.`);
  return bound;
}

const bodyLimitBytes = 10_000_000;
/** A synchronous invocation of Lambda takes no more, whatever API Gateway lets in. */
const eventLimitBytes = 6_291_456;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  behind: Behind | undefined,
): Promise<void> {
  const target = request.url ?? "/";
  const { host } = new URL(origin);
  if (request.headers.host === host.replace("127.0.0.1", "localhost") && request.method === "GET") {
    // One origin: cookies and the provider's redirect belong to it.
    return send(request, response, plain(308, "", [["location", `${origin}${target}`]]));
  }
  // A foreign name that was made to point here (DNS rebinding) gets nothing.
  if (request.headers.host !== host) return send(request, response, plain(421, `This is ${origin}.\n`));
  if (!behind) return send(request, response, starting());

  if (streamedPaths.some((path) => path === target.split("?")[0])) {
    return streamFromApi(request, target, response, behind);
  }
  if (target === "/api" || target.startsWith("/api/") || target.startsWith("/api?")) {
    return send(request, response, await callApi(request, target, behind));
  }
  return send(request, response, showFile(request, target, behind));
}

async function callApi(request: IncomingMessage, target: string, behind: Behind): Promise<ApiAnswer> {
  const id = randomUUID();
  const event = await eventOf(request, target, id);
  if (!event) return gatewayError(413, "Request Entity Too Large");
  if (Buffer.byteLength(JSON.stringify(event)) > eventLimitBytes)
    return gatewayError(413, "Request Too Long");
  const result = await behind.invokeApi(event, id);
  if (result.error !== undefined) return gatewayError(isTimeout(result.error) ? 503 : 500);
  return apiAnswerOf(result.payload) ?? gatewayError(500);
}

/** What CloudFront and a function URL do in AWS. Signing the request, CloudFront takes the place of the caller's token,
 * which its function keeps under another name. */
async function streamFromApi(
  request: IncomingMessage,
  target: string,
  response: ServerResponse,
  behind: Behind,
): Promise<void> {
  const id = randomUUID();
  const event = await eventOf(request, target, id);
  if (!event) return send(request, response, gatewayError(413, "Request Entity Too Large"));
  const { authorization, ...headers } = event.headers;
  const signed = authorization === undefined ? headers : { ...headers, [keptAuthorization]: authorization };
  const stream = new ResponseStream();
  const ended = behind.streamApi({ ...event, headers: signed }, id, stream);
  await sendStreamed(stream, ended, response, async () => send(request, response, gatewayError(502)));
}

/** Undefined when the body is larger than API Gateway takes. */
async function eventOf(request: IncomingMessage, target: string, id: string): Promise<ApiEvent | undefined> {
  const body = await readBody(request);
  return (
    body &&
    apiEventOf({
      id,
      method: request.method ?? "GET",
      target,
      headers: request.headers,
      body,
      sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
      receivedAtMs: Date.now(),
    })
  );
}

/** As API Gateway says it; the function was not reached, or did not answer. */
function gatewayError(
  status: number,
  message = status === 503 ? "Service Unavailable" : "Internal Server Error",
) {
  return {
    status,
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify({ message })),
  } satisfies ApiAnswer;
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "errorType" in error &&
    error.errorType === "Sandbox.Timedout"
  );
}

function showFile(request: IncomingMessage, target: string, behind: Behind): ApiAnswer {
  const headers = Object.entries(behind.pageHeaders);
  if (request.method !== "GET" && request.method !== "HEAD")
    return plain(405, "", [...headers, ["allow", "GET, HEAD"]]);
  const file = behind.files(new URL(target, "http://page").pathname);
  if (!file) return plain(404, "Not found.\n", headers);
  headers.push(...Object.entries(file.headers));
  const isKnown = request.headers["if-none-match"]?.includes(file.headers["etag"] ?? "");
  return { status: isKnown ? 304 : 200, headers, body: isKnown ? Buffer.alloc(0) : file.body };
}

function starting(): ApiAnswer {
  return plain(503, "Daypass is starting; this takes a few seconds at the first time.\n", [
    ["retry-after", "1"],
    ["refresh", "1"],
  ]);
}

function plain(status: number, text: string, headers: [string, string][] = []): ApiAnswer {
  return {
    status,
    headers: [["content-type", "text/plain; charset=utf-8"], ...headers],
    body: Buffer.from(text),
  };
}

async function send(request: IncomingMessage, response: ServerResponse, answer: ApiAnswer): Promise<void> {
  const header = (name: string) => answer.headers.find(([key]) => key === name)?.[1];
  const compressed =
    header("content-encoding") === undefined
      ? await compress(answer.body, header("content-type"), String(request.headers["accept-encoding"] ?? ""))
      : undefined;
  const body = compressed?.body ?? answer.body;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  if (compressed) {
    response.setHeader("content-encoding", compressed.encoding);
    response.appendHeader("vary", "accept-encoding");
  }
  if (answer.status !== 304 && answer.status !== 204) response.setHeader("content-length", body.length);
  response.statusCode = answer.status;
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Undefined when it is larger than API Gateway takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Read to its end: a client that is still sending would not see the answer.
    if (size <= bodyLimitBytes) chunks.push(bytes);
  }
  return size > bodyLimitBytes ? undefined : Buffer.concat(chunks);
}
