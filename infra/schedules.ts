/// <reference path="../.sst/platform/config.d.ts" />
import { type Deployed, networkList } from "./api.ts";
import { baseEnvironment } from "./environment.ts";
import { createFunction } from "./functions.ts";
import type { FailureQueue } from "./queues.ts";
import { arnIn, type Stage } from "./stage.ts";
import { serviceRole } from "./statement.ts";
import { tableAccess } from "./table.ts";

/** The sweeper, every minute. The schedule repeats a call that did not arrive; Lambda repeats one that failed; what
 * fails for good lies in the queue. */
export function createSweeper(
  stage: Stage,
  { table, networks, failures }: { table: aws.dynamodb.Table; networks: Deployed; failures: FailureQueue },
): sst.aws.Function {
  const sweep = createFunction(stage, "sweep", {
    handler: "sweep",
    environment: { ...baseEnvironment(stage, table), DAYPASS_NETWORKS: networkList(networks) },
    permissions: [
      tableAccess(table, "write"),
      {
        Sid: "Brokers",
        Action: "lambda:InvokeFunction",
        Resource: networks.map(({ broker }) => broker.arn),
      },
      failures.mayBeSentTo,
    ],
    timeoutSeconds: 110,
    memoryMb: 512,
  });
  new aws.lambda.FunctionEventInvokeConfig("SweepRetries", {
    functionName: sweep.name,
    maximumRetryAttempts: 1,
    maximumEventAgeInSeconds: 120,
    destinationConfig: { onFailure: { destination: failures.queue.arn } },
  });
  const name = stage.named("sweep");
  const role = serviceRole(
    "SweepScheduleRole",
    `${name}-schedule`,
    "scheduler.amazonaws.com",
    [{ Action: "lambda:InvokeFunction", Resource: sweep.arn }, failures.mayBeSentTo],
    {
      StringEquals: {
        "aws:SourceAccount": stage.accountId,
        "aws:SourceArn": arnIn(stage, "scheduler", "schedule-group/default"),
      },
    },
  );
  new aws.scheduler.Schedule("SweepSchedule", {
    name,
    scheduleExpression: "rate(1 minute)",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: sweep.arn,
      roleArn: role.arn,
      input: "{}",
      retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 120 },
      deadLetterConfig: { arn: failures.queue.arn },
    },
  });
  return sweep;
}
