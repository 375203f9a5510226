import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import type { DynamoDBStreamEvent, EventSource } from "@daypass/local/dynamodb/event-source.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Endpoint, serve } from "../endpoint.ts";
import { createTemporaryTable, withStream } from "../tables.ts";

let folder: string;
let local: DynamoDb;
let endpoint: Endpoint;
let table: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "event-source-"));
  local = await createDynamoDb({ folder });
  endpoint = await serve(local);
  table = await createTemporaryTable(endpoint, [], withStream);
});
afterEach(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

const put = (sk: string, more = {}) =>
  endpoint.documents.put({ TableName: table, Item: { pk: "e", sk, ...more } });
const sks = (event: DynamoDBStreamEvent) => event.Records.map(({ dynamodb }) => String(dynamodb.Keys.sk?.S));

async function putMany(count: number): Promise<string[]> {
  const all = Array.from({ length: count }, (_, n) => String(n).padStart(3, "0"));
  for (const sk of all) await put(sk);
  return all;
}

function collect(more: { name?: string } = {}): { seen: string[]; source: EventSource } {
  const seen: string[] = [];
  const handler = async (event: DynamoDBStreamEvent) => void seen.push(...sks(event));
  return { seen, source: local.pollStream({ table, name: "collect", handler, ...more }) };
}

it("every record reaches the handler once and in order, in batches of at most the size asked for", async () => {
  const wanted = await putMany(25);
  const batches: string[][] = [];
  local.pollStream({
    table,
    name: "n",
    batchSize: 10,
    handler: async (event) => void batches.push(sks(event)),
  });
  await expect.poll(() => batches.flat()).toEqual(wanted);
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
});

it("the event is shaped as a Lambda function gets it", async () => {
  const events: DynamoDBStreamEvent[] = [];
  local.pollStream({ table, name: "n", handler: async (event) => void events.push(event) });
  await put("1", { v: 1 });
  await expect.poll(() => events.length).toBe(1);
  expect(events[0]?.Records[0]).toMatchObject({
    eventName: "INSERT",
    eventSource: "aws:dynamodb",
    eventSourceARN: expect.stringContaining(`table/${table}/stream/`),
    dynamodb: {
      NewImage: { pk: { S: "e" }, sk: { S: "1" }, v: { N: "1" } },
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  });
});

it("a write wakes the handler at once", async () => {
  const { seen } = collect();
  const waits: number[] = [];
  for (let n = 0; n < 20; n++) {
    await put(`w${n}`);
    const written = performance.now();
    while (seen.length <= n) await new Promise(setImmediate);
    waits.push(performance.now() - written);
  }
  expect(waits.toSorted((left, right) => left - right)[10]).toBeLessThan(50);
});

it("a reported record is tried again with what follows it, and what came before is not repeated", async () => {
  const calls: string[][] = [];
  const wanted = await putMany(6);
  local.pollStream({
    table,
    name: "n",
    retryDelayMs: 1,
    handler: async (event) => {
      calls.push(sks(event));
      if (calls.length > 2) return;
      const failed = event.Records.filter(({ dynamodb }) =>
        ["003", "005"].includes(String(dynamodb.Keys.sk?.S)),
      );
      return {
        batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
      };
    },
  });
  await expect.poll(() => calls.length).toBe(3);
  expect(calls).toEqual([wanted, wanted.slice(3), wanted.slice(3)]);
});

it("a record that fails for good is handed over after so many attempts, alone, and the rest goes on", async () => {
  const wanted = await putMany(5);
  const done: string[] = [];
  const givenUp: string[] = [];
  let tries = 0;
  local.pollStream({
    table,
    name: "n",
    maximumAttempts: 3,
    retryDelayMs: 1,
    handler: async (event) => {
      const at = sks(event).indexOf("002");
      done.push(...sks(event).slice(0, at === -1 ? undefined : at));
      const poison = event.Records[at];
      if (poison === undefined) return;
      tries++;
      return { batchItemFailures: [{ itemIdentifier: poison.dynamodb.SequenceNumber }] };
    },
    onFailure: async (records) => void givenUp.push(...sks({ Records: records })),
  });
  await expect.poll(() => [...done, ...givenUp].toSorted()).toEqual(wanted);
  expect(givenUp).toEqual(["002"]);
  expect(tries).toBe(3);
});

it("a handler that throws gets the whole batch again, and gives the whole batch up in the end", async () => {
  const wanted = await putMany(3);
  const givenUp: string[] = [];
  let tries = 0;
  local.pollStream({
    table,
    name: "n",
    maximumAttempts: 2,
    retryDelayMs: 1,
    handler: async () => {
      tries++;
      throw new Error("down");
    },
    onFailure: async (records, cause) => {
      expect(cause).toMatchObject({ message: "down" });
      givenUp.push(...sks({ Records: records }));
    },
  });
  await expect.poll(() => givenUp).toEqual(wanted);
  expect(tries).toBe(2);
});

it("a record is not left behind while it cannot be handed over", async () => {
  await put("1");
  let refusals = 2;
  const givenUp: string[] = [];
  local.pollStream({
    table,
    name: "n",
    maximumAttempts: 1,
    retryDelayMs: 1,
    handler: () => Promise.reject(new Error("down")),
    onFailure: async (records) => {
      if (refusals-- > 0) throw new Error("no place for it yet");
      givenUp.push(...sks({ Records: records }));
    },
  });
  await expect.poll(() => givenUp).toEqual(["1"]);
});

it("goes on after a restart where it was, and two names have two places", async () => {
  await put("1");
  const first = collect();
  await expect.poll(() => first.seen).toEqual(["1"]);
  await endpoint.close();

  local = await createDynamoDb({ folder });
  endpoint = await serve(local);
  await put("2");
  const again = collect();
  const other = collect({ name: "other" });
  await expect.poll(() => again.seen).toEqual(["2"]);
  await expect.poll(() => other.seen).toEqual(["1", "2"]);
});

it("follows a table that is created later", async () => {
  const seen: string[] = [];
  const late = `${table}-late`;
  local.pollStream({ table: late, name: "n", handler: async (event) => void seen.push(...sks(event)) });
  await createTemporaryTable(endpoint, [], { ...withStream, TableName: late });
  await endpoint.documents.put({ TableName: late, Item: { pk: "e", sk: "late" } });
  await expect.poll(() => seen).toEqual(["late"]);
});
