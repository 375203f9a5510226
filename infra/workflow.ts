/// <reference path="../.sst/platform/config.d.ts" />
import { inspectionWorkflow } from "../packages/core/src/catalog/inspection.workflow.ts";
import { grantWorkflow } from "../packages/core/src/grant/grant.workflow.ts";
import { reconciliationWorkflow } from "../packages/core/src/reconciliation/reconciliation.workflow.ts";
import { idOf } from "./functions.ts";
import type { Network } from "./network.ts";
import { arnIn, type Stage } from "./stage.ts";
import { serviceRole } from "./statement.ts";

/** The state machines of one network, from the definitions that run on one machine too; only the broker is filled in. */
export function createWorkflows(stage: Stage, { name, broker }: Network) {
  return {
    grant: createWorkflow(stage, `grant-${name}`, broker, grantWorkflow),
    inspection: createWorkflow(stage, `inspection-${name}`, broker, inspectionWorkflow),
    reconciliation: createWorkflow(stage, `reconciliation-${name}`, broker, reconciliationWorkflow),
  };
}

function createWorkflow(
  stage: Stage,
  part: string,
  broker: Network["broker"],
  definition: (brokerArn: string) => object,
): aws.sfn.StateMachine {
  const id = idOf(part);
  const name = stage.named(part);
  const logGroup = new aws.cloudwatch.LogGroup(`${id}WorkflowLogs`, {
    // Step Functions may write to groups of this beginning without a resource policy for each, of which there are few.
    name: `/aws/vendedlogs/states/${name}`,
    retentionInDays: stage.settings.logDays,
  });
  const role = serviceRole(
    `${id}WorkflowRole`,
    `${name}-workflow`,
    "states.amazonaws.com",
    [
      { Action: "lambda:InvokeFunction", Resource: broker.arn },
      {
        Sid: "LogDeliveryHasNoResources",
        Action: [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ],
        Resource: "*",
      },
    ],
    {
      ArnLike: { "aws:SourceArn": arnIn(stage, "states", `stateMachine:${name}`) },
      StringEquals: { "aws:SourceAccount": stage.accountId },
    },
  );
  return new aws.sfn.StateMachine(`${id}Workflow`, {
    name,
    type: "STANDARD",
    roleArn: role.arn,
    definition: broker.arn.apply((arn) => JSON.stringify(definition(arn))),
    // Failures are what is looked for; ids are all that executions hold, and even these stay out of logs.
    loggingConfiguration: {
      level: "ERROR",
      includeExecutionData: false,
      logDestination: $interpolate`${logGroup.arn}:*`,
    },
  });
}
export type Workflows = ReturnType<typeof createWorkflows>;
