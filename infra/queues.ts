/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";
import { policy, type Statement } from "./statement.ts";

/** Where what failed for good lies until somebody has looked at it, whoever sent it: 14 days, and an alarm from the
 * first message on. */
export function createFailureQueue(stage: Stage): FailureQueue {
  const queue = new aws.sqs.Queue("Failures", {
    name: stage.named("failures"),
    messageRetentionSeconds: 1_209_600,
    sqsManagedSseEnabled: true,
  });
  new aws.sqs.QueuePolicy("FailuresPolicy", {
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
  return { queue, mayBeSentTo: { Sid: "Failures", Action: "sqs:SendMessage", Resource: queue.arn } };
}
export type FailureQueue = { queue: aws.sqs.Queue; mayBeSentTo: Statement };
