import { createDatabase } from "./database.ts";
import { type EventSource, type EventSourceOptions, pollStream } from "./event-source.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createHandler } from "./http.ts";
import { trimTokens } from "./idempotency.ts";
import { openKv } from "./kv.ts";
import { operationsOf } from "./operations.ts";
import { trimStreams } from "./stream.ts";
import { clearDoomed } from "./tables.ts";
import { expireDue } from "./time-to-live.ts";

export type DynamoDbOptions = {
  /** Where everything is kept; undefined keeps it in memory. One process at a time may open a folder. */
  folder: string | undefined;
  /** Milliseconds since the epoch: ages of stream records and client tokens, times to live. */
  clock?: () => number;
  region?: string;
};

export type DynamoDb = {
  /** Answers what carries an `X-Amz-Target` of DynamoDB or its streams, and `/_faults/dynamodb`. */
  handle(request: Request): Promise<Response>;
  faults: Faults;
  /** Feeds a table's stream to a handler, as a Lambda event source mapping does. */
  pollStream(options: EventSourceOptions): EventSource;
  /** Does now what otherwise happens in the background: expiry, and trimming of old records and tokens. */
  tidy(): Promise<void>;
  close(): Promise<void>;
};

const EXPIRE_EVERY_MS = 1000;
const TRIM_EVERY_MS = 60_000;

/** Opens the DynamoDB of one machine, as it was when it was last open, however that ended. */
export async function createDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const { folder, clock = Date.now, region = "us-east-1" } = options;
  const kv = await openKv(folder);
  const faults = createFaults();
  const database = createDatabase(kv, region, clock, faults);
  await clearDoomed(database);

  const expire = repeatedly(EXPIRE_EVERY_MS, async () => {
    await expireDue(database);
  });
  const trim = repeatedly(TRIM_EVERY_MS, async () => {
    await trimStreams(database);
    await trimTokens(database);
  });
  const sources: EventSource[] = [];

  return {
    handle: createHandler(database, operationsOf(database)),
    faults,
    pollStream(source) {
      const started = pollStream(database, source);
      sources.push(started);
      return started;
    },
    async tidy() {
      await expire.now();
      await trim.now();
    },
    async close() {
      await Promise.all([...sources.map((source) => source.stop()), expire.stop(), trim.stop()]);
      // Behind every write that was accepted.
      await database.write(async () => undefined);
      await kv.close();
    },
  };
}

/** Runs the function every so often, never twice at once, without keeping the process alive. */
function repeatedly(
  everyMs: number,
  run: () => Promise<void>,
): { now(): Promise<void>; stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const now = () => {
    running = running.then(run);
    return running;
  };
  const timer = setInterval(() => {
    now().catch((error: unknown) => {
      console.error("DynamoDB, in the background:", error);
      running = Promise.resolve();
    });
  }, everyMs).unref();
  return {
    now,
    async stop() {
      clearInterval(timer);
      await running.catch(() => undefined);
    },
  };
}
