import { setTimeout } from "node:timers/promises";
import type { Database } from "./database.ts";
import { keys } from "./keys.ts";
import { recordsAfter, type Stream } from "./stream.ts";
import type { StreamRecord } from "./stream-record.ts";
import type { Table } from "./table.ts";

/** One record as a Lambda function gets it. */
export type DynamoDBStreamEventRecord = Omit<StreamRecord, "userIdentity"> & {
  eventSourceARN: string;
  userIdentity?: { principalId: string; type: string };
};
export type DynamoDBStreamEvent = { Records: DynamoDBStreamEventRecord[] };
export type DynamoDBBatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

export type EventSourceOptions = {
  /** The table whose current stream is followed; it may be created later. */
  table: string;
  /** Names the place up to which this mapping has come; kept in the database's folder. */
  name: string;
  handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | void>;
  /** Records a call at most; 100 when absent. */
  batchSize?: number;
  /** How often the same first record may fail before it is given up; 10 when absent. */
  maximumAttempts?: number;
  /** The wait before the second attempt; it doubles each time, up to 30 times as long. 200 when absent. */
  retryDelayMs?: number;
  /**
   * Gets what was given up: the failed record the handler named, or the whole batch when it threw. The
   * mapping goes on only after this has resolved.
   */
  onFailure?: (records: DynamoDBStreamEventRecord[], cause: unknown) => Promise<void>;
};

export type EventSource = { stop(): Promise<void> };

type Outcome = { done: number; failed: DynamoDBStreamEventRecord[]; cause: unknown };

/**
 * Calls the handler with the table's stream records, in order, each at least once. Its place moves on only
 * behind what was handled or given up, so a crash repeats records and never skips one.
 */
export function pollStream(database: Database, options: EventSourceOptions): EventSource {
  const { table, name, batchSize = 100, maximumAttempts = 10, retryDelayMs = 200 } = options;
  const stopped = new AbortController();
  let wake: () => void = () => undefined;
  let written = 0;
  const off = database.onRecords(() => {
    written++;
    wake();
  });

  async function follow(): Promise<void> {
    let attempts = 0;
    while (!stopped.signal.aborted) {
      const seen = written;
      const stream = currentStream(database, table);
      const key = stream === undefined ? "" : keys.checkpoint(stream.arn, name);
      const after = (database.kv.get(key) as string | undefined) ?? "";
      const records = stream === undefined ? [] : await recordsAfter(database, stream, after, batchSize);
      if (stream === undefined || records.length === 0) {
        await quiet(seen);
        continue;
      }

      const batch = records.map((record) => eventRecord(record, stream.arn));
      const { done, failed, cause } = await outcomeOf(options.handler, batch);
      const place = (handled: number) => batch[handled - 1]?.dynamodb.SequenceNumber ?? after;
      if (done > 0) {
        attempts = 0;
        await moveTo(key, place(done));
      }
      if (failed.length === 0) continue;
      attempts++;
      if (attempts >= maximumAttempts && (await givenUp(failed, cause))) {
        attempts = 0;
        await moveTo(key, place(done + failed.length));
        continue;
      }
      await pause(Math.min(retryDelayMs * 2 ** (attempts - 1), retryDelayMs * 30));
    }
  }

  async function givenUp(failed: DynamoDBStreamEventRecord[], cause: unknown): Promise<boolean> {
    try {
      await options.onFailure?.(failed, cause);
      return true;
    } catch (error) {
      console.error(`stream of ${table} to ${name}: giving up a record failed`, error);
      return false;
    }
  }

  async function moveTo(key: string, sequenceNumber: string): Promise<void> {
    await database.write(async (draft) => draft.put(key, sequenceNumber));
  }

  /** Until a record is written that was not there at the last look, or the mapping is stopped. */
  function quiet(seen: number): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      if (written !== seen || stopped.signal.aborted) resolve();
    });
  }

  async function pause(delayMs: number): Promise<void> {
    try {
      await setTimeout(delayMs, undefined, { signal: stopped.signal });
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    }
  }

  const ended = follow().catch((error: unknown) => {
    console.error(`stream of ${table} to ${name}: stopped`, error);
  });
  return {
    async stop() {
      stopped.abort();
      off();
      wake();
      await ended;
    },
  };
}

/** How far the handler came: an answer that names records fails from the first of them on, a throw all. */
async function outcomeOf(
  handler: EventSourceOptions["handler"],
  batch: DynamoDBStreamEventRecord[],
): Promise<Outcome> {
  try {
    const response = await handler({ Records: batch });
    const named = (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
    if (named.length === 0) return { done: batch.length, failed: [], cause: undefined };
    const cause = new Error(`the handler reported ${named.length} failed records`);
    const places = named.map((one) => batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === one));
    // An identifier that is none of the batch's fails the batch, as on AWS.
    if (places.includes(-1)) return { done: 0, failed: batch, cause };
    const first = Math.min(...places);
    return { done: first, failed: batch.slice(first, first + 1), cause };
  } catch (cause) {
    return { done: 0, failed: batch, cause };
  }
}

function currentStream(database: Database, tableName: string): Stream | undefined {
  const table = database.kv.get(keys.table(tableName)) as Table | undefined;
  const label = table?.StreamSpecification === undefined ? undefined : table.LatestStreamLabel;
  return label === undefined
    ? undefined
    : (database.kv.get(keys.stream(tableName, label)) as Stream | undefined);
}

function eventRecord(record: StreamRecord, arn: string): DynamoDBStreamEventRecord {
  const { userIdentity, ...rest } = record;
  const by = userIdentity && { principalId: userIdentity.PrincipalId, type: userIdentity.Type };
  return { ...rest, eventSourceARN: arn, ...(by === undefined ? {} : { userIdentity: by }) };
}
