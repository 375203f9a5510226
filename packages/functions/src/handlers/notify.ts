import { notify } from "@daypass/core/notification/notify.ts";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { notifyContexts } from "../control-plane.ts";
import { metricsOf } from "../event-metrics.ts";
import { describeError } from "../log.ts";
import { auditEventIn } from "../stream-event.ts";
import { shell } from "./shell.ts";

const contextFor = notifyContexts();

/** Follows the table's stream. Every record is looked at, each failure is reported by its own number, and what was
 * sent before a repetition is not sent again. */
export const handler = shell("notify", async ({ Records }: DynamoDBStreamEvent, _context, invocation) => {
  const ctx = contextFor(invocation);
  const batchItemFailures: DynamoDBBatchResponse["batchItemFailures"] = [];
  for (const record of Records) {
    const event = auditEventIn(record);
    if (!event) continue;
    try {
      const count = await notify(ctx, event);
      invocation.measure({ ...metricsOf(event), MailsSent: count });
      if (count > 0)
        invocation.log.info("notified", { eventId: event.id, operation: event.operation, mails: count });
    } catch (error) {
      invocation.log.error("not notified", { eventId: event.id, ...describeError(error) });
      invocation.measure({ MailsFailed: 1 });
      batchItemFailures.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" });
    }
  }
  return { batchItemFailures };
});
