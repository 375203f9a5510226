import { z } from "zod";
import type { Database } from "./database.ts";
import { AwsFailure, validationFailure } from "./failure.ts";
import { itemBytes } from "./item-size.ts";
import { endOf, keys } from "./keys.ts";
import { parseInput } from "./parse-input.ts";
import { recordsAfter, type Stream, streamNamed } from "./stream.ts";
import type { StreamRecord } from "./stream-record.ts";

const listInput = z.strictObject({
  TableName: z.string().optional(),
  Limit: z.int().min(1).max(100).optional(),
  ExclusiveStartStreamArn: z.string().optional(),
});
const describeInput = z.strictObject({
  StreamArn: z.string(),
  Limit: z.int().min(1).max(100).optional(),
  ExclusiveStartShardId: z.string().optional(),
});
const sequenceNumber = z.string().regex(/^\d{21,40}$/);
const iteratorInput = z.strictObject({
  StreamArn: z.string(),
  ShardId: z.string(),
  ShardIteratorType: z.enum(["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]),
  SequenceNumber: sequenceNumber.optional(),
});
const recordsInput = z.strictObject({
  ShardIterator: z.string().max(2048),
  Limit: z.int().min(1).max(1000).optional(),
});
const position = z.strictObject({ arn: z.string(), after: z.string(), madeAt: z.number() });

const ITERATOR_LIFE_MS = 15 * 60 * 1000;
const ANSWER_BYTES = 1024 * 1024;

export async function listStreams(database: Database, input: unknown): Promise<object> {
  const { TableName, Limit = 100, ExclusiveStartStreamArn } = parseInput(listInput, input);
  const start =
    ExclusiveStartStreamArn === undefined ? undefined : streamNamed(database.kv, ExclusiveStartStreamArn);
  const found: Stream[] = [];
  const range = {
    gt: start === undefined ? keys.streams : keys.stream(start.table, start.label),
    lt: endOf(keys.streams),
  };
  for await (const [, value] of database.kv.entries(range)) {
    const stream = value as Stream;
    if (TableName === undefined || stream.table === TableName) found.push(stream);
    if (found.length > Limit) break;
  }
  const page = found.slice(0, Limit);
  const last = page.at(-1);
  return {
    Streams: page.map(({ arn, label, table }) => ({ StreamArn: arn, StreamLabel: label, TableName: table })),
    ...(found.length > Limit && last !== undefined ? { LastEvaluatedStreamArn: last.arn } : {}),
  };
}

export function describeStream(database: Database, input: unknown): object {
  const { StreamArn, ExclusiveStartShardId } = parseInput(describeInput, input);
  const stream = streamNamed(database.kv, StreamArn);
  const shard = {
    ShardId: shardId(stream),
    SequenceNumberRange: {
      StartingSequenceNumber: stream.firstSequenceNumber,
      ...(stream.closed === undefined ? {} : { EndingSequenceNumber: stream.closed.lastSequenceNumber }),
    },
  };
  return {
    StreamDescription: {
      StreamArn,
      StreamLabel: stream.label,
      StreamStatus: stream.closed === undefined ? "ENABLED" : "DISABLED",
      StreamViewType: stream.view,
      CreationRequestDateTime: stream.openedAt / 1000,
      TableName: stream.table,
      KeySchema: stream.keySchema,
      Shards: ExclusiveStartShardId === undefined ? [shard] : [],
    },
  };
}

export function getShardIterator(database: Database, input: unknown): object {
  const { StreamArn, ShardId, ShardIteratorType, SequenceNumber } = parseInput(iteratorInput, input);
  const stream = streamNamed(database.kv, StreamArn);
  if (ShardId !== shardId(stream)) {
    throw new AwsFailure(
      "ResourceNotFoundException",
      `Requested resource not found: Shard: ${ShardId} not found`,
    );
  }
  const bySequence =
    ShardIteratorType === "AT_SEQUENCE_NUMBER" || ShardIteratorType === "AFTER_SEQUENCE_NUMBER";
  if (bySequence !== (SequenceNumber !== undefined)) {
    throw validationFailure(`SequenceNumber does not go with ShardIteratorType ${ShardIteratorType}`);
  }
  let after = ShardIteratorType === "LATEST" ? database.lastSequenceNumber() : "";
  if (SequenceNumber !== undefined) {
    after = ShardIteratorType === "AFTER_SEQUENCE_NUMBER" ? SequenceNumber : before(SequenceNumber);
    refuseTrimmed(stream, after);
  }
  return { ShardIterator: iteratorAt(database, StreamArn, after) };
}

export async function getRecords(database: Database, input: unknown): Promise<object> {
  const { ShardIterator, Limit = 1000 } = parseInput(recordsInput, input);
  const { arn, after, madeAt } = parseIterator(ShardIterator);
  if (database.clock() - madeAt > ITERATOR_LIFE_MS) {
    throw new AwsFailure(
      "ExpiredIteratorException",
      "Iterator expired. The iterator was older than 15 minutes.",
    );
  }
  const stream = streamNamed(database.kv, arn);
  if (after !== "") refuseTrimmed(stream, after);
  const kept = await recordsAfter(database, stream, after, Limit);
  const records = underOneMegabyte(kept);
  const next = records.at(-1)?.dynamodb.SequenceNumber ?? after;
  // Nothing can follow in a closed shard once all that is left of it was answered.
  const ended = stream.closed !== undefined && records.length === kept.length && kept.length < Limit;
  return { Records: records, ...(ended ? {} : { NextShardIterator: iteratorAt(database, arn, next) }) };
}

function shardId(stream: Stream): string {
  return `shardId-${stream.openedAt.toString().padStart(20, "0")}-00000001`;
}

function before(sequence: string): string {
  return (BigInt(sequence) - 1n).toString().padStart(sequence.length, "0");
}

function refuseTrimmed(stream: Stream, after: string): void {
  if (after < stream.trimmedThrough) {
    throw new AwsFailure(
      "TrimmedDataAccessException",
      "The requested sequence number is past the trim point: records are kept for 24 hours.",
    );
  }
}

function underOneMegabyte(records: StreamRecord[]): StreamRecord[] {
  let bytes = 0;
  const fit = records.findIndex(({ dynamodb }) => {
    const { Keys, NewImage = {}, OldImage = {} } = dynamodb;
    bytes += itemBytes(Keys) + itemBytes(NewImage) + itemBytes(OldImage);
    return bytes > ANSWER_BYTES;
  });
  return fit === -1 ? records : records.slice(0, Math.max(1, fit));
}

function iteratorAt(database: Database, arn: string, after: string): string {
  return Buffer.from(JSON.stringify({ arn, after, madeAt: database.clock() })).toString("base64url");
}

function parseIterator(text: string): z.infer<typeof position> {
  try {
    return position.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw validationFailure("Invalid ShardIterator");
    }
    throw error;
  }
}
