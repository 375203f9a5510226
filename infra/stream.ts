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
  {
    table,
    archive,
    failures,
  }: { table: aws.dynamodb.Table; archive: Archive; failures: Record<"notify" | "archive", FailureQueue> },
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
      readsStream(table),
      failures.notify.mayBeSentTo,
    ],
    timeoutSeconds: 60,
    memoryMb: 512,
  });
  const keep = createFunction(stage, "archive", {
    handler: "archive",
    environment: { DAYPASS_ARCHIVE_BUCKET: archive.bucket.bucket },
    permissions: [archive.mayBeAddedTo, readsStream(table), failures.archive.mayBeSentTo],
    timeoutSeconds: 60,
    memoryMb: 512,
  });
  follow(table, notify, failures.notify);
  follow(table, keep, failures.archive);
  return { notify, archive: keep };
}

function readsStream(table: aws.dynamodb.Table): Statement {
  return {
    Sid: "Stream",
    Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    Resource: table.streamArn,
  };
}

/** A record that fails does not hold up the others for ever: it is tried for an hour, then lies in the queue. */
function follow(table: aws.dynamodb.Table, consumer: sst.aws.Function, failures: FailureQueue): void {
  new aws.lambda.EventSourceMapping(`${idOf(failures.part)}Stream`, {
    eventSourceArn: table.streamArn,
    functionName: consumer.arn,
    startingPosition: "TRIM_HORIZON",
    batchSize: 25,
    maximumRetryAttempts: 100,
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
