import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { InspectionContext } from "@daypass/core/catalog/inspection.port.ts";
import type { TimerContext } from "@daypass/core/grant/timer.port.ts";
import { systemClock } from "@daypass/core/kernel/clock.ts";
import type { Settings } from "@daypass/core/kernel/context.ts";
import { monotonicFactory } from "ulid";
import { arnOf } from "../aws/server/arn.ts";
import { application } from "./application.ts";

/** The setup may create what an empty installation needs, and nothing else. */
export type SetupContext = InspectionContext & TimerContext & { actor: { kind: "system"; name: "setup" } };

/** A context for the application's own operations, over the AWS of this machine. */
export function openSetupContext(origin: string): { ctx: SetupContext; close(): void } {
  const dynamodb = new DynamoDBClient();
  const sfn = new SFNClient();
  // Events of one millisecond must not change places in the trail.
  const ulid = monotonicFactory();
  const start = (machine: string, name: string, input: Record<string, string>) =>
    sfn.send(
      new StartExecutionCommand({
        stateMachineArn: arnOf.stateMachine(machine),
        name,
        input: JSON.stringify(input),
      }),
    );
  const ctx: SetupContext = {
    actor: { kind: "system", name: "setup" },
    clock: systemClock,
    ids: { ulid: () => ulid() },
    log: { info: ignore, warn: say("warning"), error: say("error") },
    requestId: "setup",
    table: { client: DynamoDBDocumentClient.from(dynamodb), name: application.table },
    settings: settingsOf(origin),
    timers: {
      async start({ id }, name) {
        await start(application.grantStateMachine, name, { grantId: id });
      },
    },
    workflows: {
      async startInspection({ id }, name) {
        await start(application.inspectionStateMachine, name, { instanceId: id });
      },
    },
  };
  return {
    ctx,
    close: () => {
      dynamodb.destroy();
      sfn.destroy();
    },
  };
}

function settingsOf(origin: string): Settings {
  return {
    stack: application.stack,
    origin,
    roleGroups: { administrator: application.administratorGroups, auditor: application.auditorGroups },
    session: { idleMinutes: 480, absoluteMinutes: 1440 },
    request: { openLimit: 20, lapseMinutes: 10_080 },
  };
}

function ignore(): void {
  // What the setup does is in the audit trail.
}

function say(level: string) {
  return (message: string, fields?: Record<string, unknown>) =>
    process.stderr.write(`${level}  setup: ${message} ${JSON.stringify(fields ?? {})}\n`);
}
