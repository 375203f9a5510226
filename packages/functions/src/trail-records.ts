import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";

/** What the table's stream says of one event of the audit trail. */
export type TrailRecord = {
  sequenceNumber: string;
  /** When the table was written, in whole seconds since 1970. */
  writtenAtSeconds: number;
  id: string;
  /** Events are written once. Whatever else happens to one is somebody's hand on the table. */
  altered?: "changed" | "removed";
  /** What is kept of it: the event as it is, or before and after. */
  line: object;
};

/** Unlike what reads events to act on them, this leaves out nothing, also no event of a version not known here. */
export function trailRecordsIn(records: readonly DynamoDBRecord[]): TrailRecord[] {
  return records.flatMap(({ eventName, dynamodb }) => {
    const after = eventIn(dynamodb?.NewImage);
    const before = eventIn(dynamodb?.OldImage);
    const event = after ?? before;
    if (!event) return [];
    const altered = eventName === "INSERT" ? undefined : eventName === "REMOVE" ? "removed" : "changed";
    return {
      sequenceNumber: dynamodb?.SequenceNumber ?? "",
      writtenAtSeconds: dynamodb?.ApproximateCreationDateTime ?? 0,
      id: String(event["id"]),
      ...(altered ? { altered } : {}),
      line: altered ? { altered, before: before ?? null, after: after ?? null } : event,
    };
  });
}

function eventIn(
  image: NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"],
): Record<string, unknown> | undefined {
  if (image?.["__edb_e__"]?.S !== "event") return undefined;
  const item = unmarshall(image as Record<string, AttributeValue>);
  const { event } = item;
  // Should the event itself have been taken out of its item, what is left is kept.
  return typeof event === "object" && event !== null ? (event as Record<string, unknown>) : item;
}
