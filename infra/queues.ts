/// <reference path="../.sst/platform/config.d.ts" />
import { idOf } from "./functions.ts";
import type { Stage } from "./stage.ts";
import { policy, type Statement } from "./statement.ts";

/** Where what failed for good lies until somebody has looked at it: 14 days, and an alarm from the first on. */
export function createFailureQueue(stage: Stage, part: string): FailureQueue {
  const id = idOf(part);
  const queue = new aws.sqs.Queue(`${id}Failures`, {
    name: stage.named(`${part}-failures`),
    messageRetentionSeconds: 1_209_600,
    sqsManagedSseEnabled: true,
  });
  new aws.sqs.QueuePolicy(`${id}FailuresPolicy`, {
    queueUrl: queue.url,
    policy: policy([
      {
        Sid: "OnlyEncrypted",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "sqs:*",
        Resource: queue.arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
  });
  return { part, queue, mayBeSentTo: { Sid: "Failures", Action: "sqs:SendMessage", Resource: queue.arn } };
}
export type FailureQueue = { part: string; queue: aws.sqs.Queue; mayBeSentTo: Statement };
