import { marshall } from "@aws-sdk/util-dynamodb";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { auditEventIn } from "./stream-event.ts";

const event = {
  id: "evt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  at: "2026-06-09T12:00:00.000Z",
  operation: "grant.finish",
  outcome: "done",
  actor: { kind: "system", id: "system:workflow", name: "workflow" },
  subjectId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  story: "01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  requestId: "r1",
  data: { sessionsEnded: 2, keptObjects: ["public.t"], note: null },
};

function record(item: object, eventName: "INSERT" | "MODIFY" | "REMOVE" = "INSERT"): DynamoDBRecord {
  return { eventName, dynamodb: { NewImage: marshall(item) as Record<string, AttributeValue> } };
}

describe("records of the table's stream", () => {
  test("a new event is read as it was written", () => {
    expect(auditEventIn(record({ __edb_e__: "event", event }))).toEqual(event);
  });

  test.each<[string, DynamoDBRecord]>([
    ["another kind of item", record({ __edb_e__: "grant", event })],
    ["an item without a kind", record({ event })],
    ["a change of an event", record({ __edb_e__: "event", event }, "MODIFY")],
    ["a removal", { eventName: "REMOVE", dynamodb: {} }],
    [
      "an operation of a later version",
      record({ __edb_e__: "event", event: { ...event, operation: "moon.land" } }),
    ],
    ["an event without its id", record({ __edb_e__: "event", event: { ...event, id: "x" } })],
  ])("%s is none", (_what, given) => {
    expect(auditEventIn(given)).toBeUndefined();
  });
});
