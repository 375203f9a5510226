import { z } from "zod";
import type { Database } from "./database.ts";
import type { Draft } from "./draft.ts";
import { AwsFailure, validationFailure } from "./failure.ts";
import { endOf, keys } from "./keys.ts";
import type { KvReader } from "./kv.ts";
import type { StoredRecord } from "./stream-record.ts";
import type { KeySchema, StreamViewType, Table } from "./table.ts";

export const streamSpecification = z.strictObject({
  StreamEnabled: z.boolean(),
  StreamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]).optional(),
});

/** A stream of a table: one shard, from when it was turned on until it is turned off or the table goes. */
export type Stream = {
  arn: string;
  table: string;
  label: string;
  view: StreamViewType;
  keySchema: KeySchema;
  openedAt: number;
  firstSequenceNumber: string;
  closed?: { at: number; lastSequenceNumber: string };
  /** The last record that went with its 24 hours; older positions can no longer be read. */
  trimmedThrough: string;
};

export const RETENTION_MS = 24 * 60 * 60 * 1000;

/** Begins a new stream on the table description, which the caller stores. */
export function openStream(
  database: Database,
  draft: Draft,
  table: Table,
  specification: z.infer<typeof streamSpecification>,
): void {
  const view = specification.StreamViewType;
  if (view === undefined) {
    throw validationFailure("One or more parameter values were invalid: StreamViewType is required");
  }
  const label = new Date(database.clock()).toISOString().slice(0, -1);
  if (draft.get(keys.stream(table.TableName, label)) !== undefined) {
    throw new AwsFailure("ResourceInUseException", "A stream of this table was opened at this very instant");
  }
  const arn = `${table.TableArn}/stream/${label}`;
  table.StreamSpecification = { StreamEnabled: true, StreamViewType: view };
  table.LatestStreamArn = arn;
  table.LatestStreamLabel = label;
  draft.put(keys.stream(table.TableName, label), {
    arn,
    table: table.TableName,
    label,
    view,
    keySchema: table.KeySchema,
    openedAt: database.clock(),
    firstSequenceNumber: database.lastSequenceNumber(),
    trimmedThrough: "",
  } satisfies Stream);
}

/** Ends the table's stream, if it has one; its records can be read until they are 24 hours old. */
export function closeStream(database: Database, draft: Draft, table: Table): void {
  const label = table.LatestStreamLabel;
  if (table.StreamSpecification === undefined || label === undefined) return;
  const stream = draft.get(keys.stream(table.TableName, label)) as Stream | undefined;
  if (stream === undefined) return;
  const closed = { at: database.clock(), lastSequenceNumber: database.lastSequenceNumber() };
  draft.put(keys.stream(table.TableName, label), { ...stream, closed } satisfies Stream);
}

/** The stream, or a ResourceNotFoundException. */
export function streamNamed(reader: KvReader, arn: string): Stream {
  const [, table, label] = /:table\/([^/]+)\/stream\/([^/]+)$/.exec(arn) ?? [];
  const stream =
    table === undefined || label === undefined
      ? undefined
      : (reader.get(keys.stream(table, label)) as Stream | undefined);
  if (stream === undefined || stream.arn !== arn) {
    throw new AwsFailure(
      "ResourceNotFoundException",
      `Requested resource not found: Stream: ${arn} not found`,
    );
  }
  return stream;
}

/** The records after a position (exclusive; "" is the oldest kept), at most so many, none older than 24 hours. */
export async function recordsAfter(
  database: Database,
  stream: Stream,
  after: string,
  limit: number,
): Promise<StoredRecord["record"][]> {
  const prefix = keys.records(stream.table, stream.label);
  const oldest = database.clock() - RETENTION_MS;
  const records: StoredRecord["record"][] = [];
  for await (const [, value] of database.kv.entries({ gt: prefix + after, lt: endOf(prefix) })) {
    const { at, record } = value as StoredRecord;
    if (at <= oldest) continue;
    records.push(record);
    if (records.length >= limit) break;
  }
  return records;
}

/** Removes records that are 24 hours old, and closed streams with nothing left in them. */
export async function trimStreams(database: Database): Promise<void> {
  const oldest = database.clock() - RETENTION_MS;
  for await (const [key, value] of database.kv.entries({ gt: keys.streams, lt: endOf(keys.streams) })) {
    const stream = value as Stream;
    const prefix = keys.records(stream.table, stream.label);
    let last: string | undefined;
    for await (const [record, stored] of database.kv.entries({ gt: prefix, lt: endOf(prefix) })) {
      if ((stored as StoredRecord).at > oldest) break;
      last = record;
    }
    const gone = stream.closed !== undefined && stream.closed.at <= oldest;
    if (last === undefined && !gone) continue;
    await database.write(async (draft) => {
      const now = draft.get(key) as Stream | undefined;
      if (gone) draft.del(key);
      else if (now !== undefined && last !== undefined) {
        draft.put(key, { ...now, trimmedThrough: last.slice(prefix.length) } satisfies Stream);
      }
      if (last !== undefined) await database.kv.clear({ gt: prefix, lte: last });
    });
  }
}
