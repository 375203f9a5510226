import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bePart } from "./part.ts";

/** One of the application's handlers, unchanged; its environment comes once the services that it calls are there. */
type Call = { event: unknown; requestId: string; remainingMs: number };
type Handler = (event: unknown, context: object) => Promise<unknown>;

const name = process.env["BENCH_HANDLER"] ?? "";
const file = join(import.meta.dirname, "../../../packages/functions/src/handlers", `${name}.ts`);
let handler: Handler | undefined;

async function invoke({ event, requestId, remainingMs }: Call): Promise<unknown> {
  if (!handler) throw new Error(`${name} has no environment yet`);
  const end = performance.now() + remainingMs;
  return handler(event, {
    functionName: name,
    functionVersion: "$LATEST",
    memoryLimitInMB: "1024",
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(end - performance.now())),
  });
}

function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const server = createServer((incoming, outgoing) => {
  text(incoming)
    .then((body) => invoke(JSON.parse(body) as Call))
    .then(
      (result) => answer(outgoing, 200, result ?? null),
      (error: unknown) => answer(outgoing, 500, String(error)),
    );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
await bePart({ url: `http://127.0.0.1:${port}/` }, async (environment: Record<string, string>) => {
  Object.assign(process.env, environment);
  handler = ((await import(file)) as { handler: Handler }).handler;
});
