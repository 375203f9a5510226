import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ResponseStream } from "../aws/lambda/response-streams.ts";
import { type ApiAnswer, apiAnswerOf } from "./api-answer.ts";

/** Between the status and headers, which are JSON, and the body. */
const preludeEnd = Buffer.alloc(8);

/** Writes what a streaming function writes as a function URL does: status and headers as soon as they are there, the
 * body as it comes. An answer that breaks off is broken off. `refuse` answers what had no beginning. */
export async function sendStreamed(
  stream: ResponseStream,
  ended: Promise<unknown>,
  response: ServerResponse,
  refuse: () => Promise<void>,
): Promise<void> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const found = await readPrelude(chunks);
  if (!found) {
    await ended;
    return refuse();
  }
  const { answer, rest } = found;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  response.statusCode = answer.status;
  await pipeline(async function* () {
    if (rest.length > 0) yield rest;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    // The connection ends as the invocation did.
    if ((await ended) !== undefined) throw new Error("the function failed while it was answering");
  }, response);
}

async function readPrelude(
  chunks: AsyncIterator<Buffer>,
): Promise<{ answer: ApiAnswer; rest: Buffer } | undefined> {
  let read: Buffer = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    read = Buffer.concat([read, next.value]);
    const end = read.indexOf(preludeEnd);
    if (end < 0) continue;
    const answer = apiAnswerOf(read.subarray(0, end).toString("utf8"));
    return answer && { answer, rest: read.subarray(end + preludeEnd.length) };
  }
  return undefined;
}
