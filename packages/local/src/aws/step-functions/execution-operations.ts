import { randomUUID } from "node:crypto";
import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { pageOf } from "../server/page.ts";
import type { ExecutionStore } from "./execution.store.ts";
import type { EventRow, ExecutionRow } from "./execution.ts";
import { machineAt } from "./machine-operations.ts";
import type { Runner } from "./runner.ts";
import { checkName, inputs, sizeOf } from "./step-functions.input.ts";

export function executionOperations(store: ExecutionStore, runner: Runner, clock: Clock) {
  return {
    /** The same name and input while it runs is the same execution; a name is taken for 90 days after its end. */
    StartExecution: jsonOperation(inputs.startExecution, (input) => {
      const machine = machineAt(store, input.stateMachineArn);
      const name = checkName(input.name ?? randomUUID());
      refuseInvalidJson(input.input);
      const arn = arnOf.execution(machine.name, name);
      const known = store.execution(arn);
      if (known !== undefined) {
        if (known.status === "RUNNING" && known.input === input.input) return started(known);
        throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
      }
      const execution: ExecutionRow = {
        arn,
        machineArn: machine.arn,
        machineName: machine.name,
        name,
        roleArn: machine.roleArn,
        definition: machine.definition,
        input: input.input,
        startedMs: clock.now(),
        status: "RUNNING",
      };
      runner.start(execution);
      return started(execution);
    }),

    DescribeExecution: jsonOperation(inputs.execution, (input) => {
      const execution = executionAt(store, input.executionArn);
      return {
        ...summary(execution),
        input: execution.input,
        inputDetails: { included: true },
        output: execution.output,
        outputDetails: execution.output === undefined ? undefined : { included: true },
        error: execution.error,
        cause: execution.cause,
        redriveCount: 0,
      };
    }),

    StopExecution: jsonOperation(inputs.stopExecution, (input) => {
      const execution = executionAt(store, input.executionArn);
      runner.abort(execution.arn, { error: input.error, cause: input.cause });
      return { stopDate: (store.execution(execution.arn)?.stoppedMs ?? clock.now()) / 1000 };
    }),

    ListExecutions: jsonOperation(inputs.listExecutions, (input) => {
      const machine = machineAt(store, input.stateMachineArn);
      const all = store
        .executions()
        .filter((one) => one.machineArn === machine.arn)
        .filter((one) => input.statusFilter === undefined || one.status === input.statusFilter)
        .sort((a, b) => b.startedMs - a.startedMs || (a.name < b.name ? -1 : 1));
      const page = pageOf(all, (one) => one.name, sizeOf(input.maxResults), input.nextToken, "InvalidToken");
      return { executions: page.items.map(summary), nextToken: page.next };
    }),

    GetExecutionHistory: jsonOperation(inputs.history, (input) => {
      const { arn } = executionAt(store, input.executionArn);
      const count = store.eventCount(arn);
      const ids = Array.from({ length: count }, (_, index) =>
        input.reverseOrder ? count - index : index + 1,
      );
      const page = pageOf(ids, String, sizeOf(input.maxResults), input.nextToken, "InvalidToken");
      const events = page.items.flatMap((id) => {
        const event = store.event(arn, id);
        return event === undefined ? [] : [historyEvent(id, event, input.includeExecutionData)];
      });
      return { events, nextToken: page.next };
    }),
  };
}

function executionAt(store: ExecutionStore, arn: string): ExecutionRow {
  if (!/^arn:aws:states:[a-z0-9-]+:\d{12}:execution:[^:\s]{1,80}:[^:\s]{1,80}$/.test(arn)) {
    throw new AwsError("InvalidArn", `Invalid Arn: '${arn}'`);
  }
  const execution = store.execution(arn);
  if (execution !== undefined) return execution;
  throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}

function refuseInvalidJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input: it is not JSON.");
  }
}

function started(execution: ExecutionRow) {
  return { executionArn: execution.arn, startDate: execution.startedMs / 1000 };
}

function summary(execution: ExecutionRow) {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedMs / 1000,
    stopDate: execution.stoppedMs === undefined ? undefined : execution.stoppedMs / 1000,
  };
}

/** As on the wire; without its data when only the course of things is wanted. */
function historyEvent(id: number, event: EventRow, withData: boolean) {
  const base = { id, previousEventId: id - 1, timestamp: event.atMs / 1000, type: event.type };
  if (event.details === undefined) return base;
  const { name, values } = event.details;
  const data = ["input", "output", "parameters", "error", "cause"];
  const shown = withData
    ? Object.entries(values).flatMap((entry) =>
        entry[0] === "input" || entry[0] === "output"
          ? [entry, [`${entry[0]}Details`, { truncated: false }] as const]
          : [entry],
      )
    : Object.entries(values).filter(([key]) => !data.includes(key));
  return { ...base, [name]: Object.fromEntries(shown) };
}
