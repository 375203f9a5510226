/// <reference path="../.sst/platform/config.d.ts" />

import type { Archive } from "./archive.ts";
import { baseEnvironment } from "./environment.ts";
import { createFunction, idOf } from "./functions.ts";
import type { FailureQueue } from "./queues.ts";
import { arnIn, type Stage } from "./stage.ts";
import type { Statement } from "./statement.ts";
import { tableAccess } from "./table.ts";

/** What follows the table's stream: notify tells people, archive keeps the trail where nobody can change it. */
export function createConsumers(
  stage: Stage,
  { table, archive, failures }: { table: aws.dynamodb.Table; archive: Archive; failures: FailureQueue },
) {
  const { from, identity } = stage.settings.mail;
  const notify = createFunction(stage, "notify", {
    handler: "notify",
    environment: { ...baseEnvironment(stage, table), DAYPASS_MAIL_FROM: from },
    permissions: [
      tableAccess(table, "write"),
      {
        Sid: "Mail",
        Action: "ses:SendEmail",
        Resource: arnIn(stage, "ses", `identity/${identity}`),
        Condition: { StringEquals: { "ses:FromAddress": addressIn(from) } },
      },
      ...readsStream(table),
      failures.mayBeSentTo,
    ],
    timeoutSeconds: 60,
    memoryMb: 512,
  });
  const keep = createFunction(stage, "archive", {
    handler: "archive",
    environment: { DAYPASS_STACK: stage.name, DAYPASS_ARCHIVE_BUCKET: archive.bucket.bucket },
    permissions: [archive.mayBeAddedTo, ...readsStream(table), failures.mayBeSentTo],
    timeoutSeconds: 60,
    memoryMb: 512,
  });
  follow("notify", table, notify, { failures, batchSize: 25, records: [newEvent] });
  // Of the trail also what somebody's hand did to it, before and after.
  follow("archive", table, keep, {
    failures,
    batchSize: 100,
    records: [eventIn("NewImage"), eventIn("OldImage")],
  });
  return { notify, archive: keep };
}

/** Lambda is to call nobody for what is no event of the audit trail: most writes are not, the sweeper's own each minute
 * among them. */
const eventIn = (image: "NewImage" | "OldImage") => ({
  dynamodb: { [image]: { __edb_e__: { S: ["event"] } } },
});
const newEvent = { eventName: ["INSERT"], ...eventIn("NewImage") };

/** Lambda reads the stream with the function's role, and asks for its list first. */
function readsStream(table: aws.dynamodb.Table): Statement[] {
  return [
    {
      Sid: "Stream",
      Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      Resource: table.streamArn,
    },
    { Sid: "Streams", Action: "dynamodb:ListStreams", Resource: $interpolate`${table.arn}/stream/*` },
  ];
}

/** A record that fails does not hold up the others for ever: after some attempts it lies in the queue. */
function follow(
  part: string,
  table: aws.dynamodb.Table,
  consumer: sst.aws.Function,
  { failures, batchSize, records }: { failures: FailureQueue; batchSize: number; records: object[] },
): void {
  new aws.lambda.EventSourceMapping(`${idOf(part)}Stream`, {
    eventSourceArn: table.streamArn,
    functionName: consumer.arn,
    startingPosition: "TRIM_HORIZON",
    batchSize,
    filterCriteria: { filters: records.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
    maximumRetryAttempts: 5,
    maximumRecordAgeInSeconds: 3600,
    bisectBatchOnFunctionError: true,
    functionResponseTypes: ["ReportBatchItemFailures"],
    destinationConfig: { onFailure: { destinationArn: failures.queue.arn } },
  });
}

/** Daypass <daypass@example.com> */
function addressIn(from: string): string {
  return /<([^>]+)>$/.exec(from)?.[1] ?? from;
}
