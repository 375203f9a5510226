import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { archiveContexts } from "../control-plane/archive-context.ts";
import { trailRecordsIn } from "../trail-records.ts";
import { shell } from "./shell.ts";

const contextFor = archiveContexts();

/** Follows the table's stream and keeps what concerns the audit trail where nobody can change it. One batch is one
 * object: either all of it is kept, or the batch comes again from its first record on. */
export const handler = shell("archive", async ({ Records }: DynamoDBStreamEvent, _context, invocation) => {
  const ctx = contextFor(invocation);
  const batchItemFailures: DynamoDBBatchResponse["batchItemFailures"] = [];
  const records = trailRecordsIn(Records);
  for (const { altered, id } of records) {
    if (altered) invocation.log.error("the audit trail was altered", { eventId: id, change: altered });
  }
  invocation.measure({ TrailAltered: records.filter(({ altered }) => altered).length });
  const [first] = records;
  if (first && !(await ctx.archive.keep(records))) {
    batchItemFailures.push({ itemIdentifier: first.sequenceNumber });
  }
  return { batchItemFailures };
});
