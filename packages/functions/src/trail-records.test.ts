import type { DynamoDBRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { keyOf } from "./control-plane/archive.ts";
import { trailRecordsIn } from "./trail-records.ts";

type Image = NonNullable<NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"]>;
const image = (id: string, kind = "event"): Image => ({
  __edb_e__: { S: kind },
  event: { M: { id: { S: id }, operation: { S: "grant.start" }, shape: { S: "of next year" } } },
});
const record = (
  eventName: "INSERT" | "MODIFY" | "REMOVE",
  images: { New?: Image; Old?: Image },
): DynamoDBRecord => ({
  eventName,
  dynamodb: {
    SequenceNumber: "100",
    ApproximateCreationDateTime: 1_780_000_000,
    ...(images.New ? { NewImage: images.New } : {}),
    ...(images.Old ? { OldImage: images.Old } : {}),
  },
});

test("an event is kept as it is, also one whose form is not known here", () => {
  expect(trailRecordsIn([record("INSERT", { New: image("evt_1") })])).toEqual([
    {
      sequenceNumber: "100",
      writtenAtSeconds: 1_780_000_000,
      id: "evt_1",
      line: { id: "evt_1", operation: "grant.start", shape: "of next year" },
    },
  ]);
});

test("an event that is changed or removed is kept with what it was, and said to be altered", () => {
  const [changed, removed] = trailRecordsIn([
    record("MODIFY", { Old: image("evt_1"), New: image("evt_2") }),
    record("REMOVE", { Old: image("evt_1") }),
  ]);
  expect(changed).toMatchObject({
    altered: "changed",
    line: { altered: "changed", before: { id: "evt_1" }, after: { id: "evt_2" } },
  });
  expect(removed).toMatchObject({
    altered: "removed",
    line: { altered: "removed", before: { id: "evt_1" }, after: null },
  });
});

test("an event that is made something else is altered too", () => {
  const [record1] = trailRecordsIn([record("MODIFY", { Old: image("evt_1"), New: image("x", "other") })]);
  expect(record1).toMatchObject({ altered: "changed", id: "evt_1", line: { before: { id: "evt_1" } } });
});

test("whatever is no event is left out", () => {
  expect(trailRecordsIn([record("INSERT", { New: image("x", "grant") }), record("REMOVE", {})])).toEqual([]);
});

test("a batch has the same key whenever it comes, another batch has another", () => {
  const records = trailRecordsIn([record("INSERT", { New: image("evt_1") })]);
  expect(keyOf(records, "body")).toBe(keyOf(records, "body"));
  expect(keyOf(records, "body")).toMatch(/^audit\/2026\/05\/28\/20\/100-[0-9a-f]{16}\.ndjson$/);
  expect(keyOf(records, "other")).not.toBe(keyOf(records, "body"));
});
