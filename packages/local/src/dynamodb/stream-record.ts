import { canonical } from "./canonical.ts";
import type { ItemChange } from "./draft.ts";
import { itemBytes } from "./item-size.ts";
import { type Item, keyOf, type StreamViewType } from "./table.ts";

/** One record as GetRecords answers it. Times are epoch seconds. */
export type StreamRecord = {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: "1.1";
  eventSource: "aws:dynamodb";
  awsRegion: string;
  dynamodb: {
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamViewType;
  };
  /** Present when the item was removed because its time to live had passed, not by a caller. */
  userIdentity?: { PrincipalId: string; Type: string };
};

/** A record with the instant at which it was written, in milliseconds; it is kept for 24 hours from then. */
export type StoredRecord = { at: number; record: StreamRecord };

export type Origin = "caller" | "time-to-live";

/** The record of a change, or undefined where the table has no stream or the change changed nothing. */
export function recordOf(
  change: ItemChange,
  origin: Origin,
  sequenceNumber: string,
  nowMs: number,
  region: string,
): StoredRecord | undefined {
  const { table, before, after } = change;
  const view = table.StreamSpecification?.StreamViewType;
  const image = after ?? before;
  if (view === undefined || image === undefined) return undefined;
  if (before !== undefined && after !== undefined && canonical(before) === canonical(after)) return undefined;

  const keys = keyOf(image, table.KeySchema);
  const withOld = before !== undefined && (view === "OLD_IMAGE" || view === "NEW_AND_OLD_IMAGES");
  const withNew = after !== undefined && (view === "NEW_IMAGE" || view === "NEW_AND_OLD_IMAGES");
  return {
    at: nowMs,
    record: {
      eventID: sequenceNumber.padStart(32, "0"),
      eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(nowMs / 1000),
        Keys: keys,
        ...(withNew ? { NewImage: after } : {}),
        ...(withOld ? { OldImage: before } : {}),
        SequenceNumber: sequenceNumber,
        SizeBytes: itemBytes(keys) + (withNew ? itemBytes(after) : 0) + (withOld ? itemBytes(before) : 0),
        StreamViewType: view,
      },
      ...(origin === "time-to-live"
        ? { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } }
        : {}),
    },
  };
}
