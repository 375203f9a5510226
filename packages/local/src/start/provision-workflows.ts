import {
  ConflictException,
  CreateScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import {
  CreateStateMachineCommand,
  SFNClient,
  StateMachineAlreadyExists,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { accountId, arnOf } from "../aws/server/arn.ts";

/** On one machine every service may do everything; the API wants a role all the same. */
const roleArn = `arn:aws:iam::${accountId}:role/daypass-local`;

/** Makes each state machine, or gives it the definition of today: executions under way keep theirs. */
export async function provisionStateMachines(
  machines: readonly { name: string; definition: object }[],
): Promise<void> {
  const client = new SFNClient();
  try {
    for (const machine of machines) {
      const definition = JSON.stringify(machine.definition);
      await client
        .send(new CreateStateMachineCommand({ name: machine.name, definition, roleArn, type: "STANDARD" }))
        .catch(async (error: unknown) => {
          if (!(error instanceof StateMachineAlreadyExists)) throw error;
          const stateMachineArn = arnOf.stateMachine(machine.name);
          await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
        });
    }
  } finally {
    client.destroy();
  }
}

/** Makes each schedule, or sets its rate anew. */
export async function provisionSchedules(
  schedules: readonly { name: string; rate: string; functionName: string }[],
): Promise<void> {
  const client = new SchedulerClient();
  try {
    for (const { name, rate, functionName } of schedules) {
      const schedule = {
        Name: name,
        ScheduleExpression: rate,
        FlexibleTimeWindow: { Mode: "OFF" as const },
        Target: { Arn: arnOf.function(functionName), RoleArn: roleArn, Input: "{}" },
      };
      await client.send(new CreateScheduleCommand(schedule)).catch(async (error: unknown) => {
        if (!(error instanceof ConflictException)) throw error;
        await client.send(new UpdateScheduleCommand(schedule));
      });
    }
  } finally {
    client.destroy();
  }
}
