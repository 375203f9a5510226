import { randomUUID } from "node:crypto";
import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { pageOf } from "../server/page.ts";
import type { ExecutionStore } from "./execution.store.ts";
import type { MachineRow } from "./execution.ts";
import { parseDefinition } from "./parse-definition.ts";
import { checkName, inputs, sizeOf } from "./step-functions.input.ts";

export function machineOperations(store: ExecutionStore, clock: Clock) {
  return {
    CreateStateMachine: jsonOperation(inputs.createStateMachine, (input) => {
      if (input.type !== "STANDARD") {
        throw new AwsError("StateMachineTypeNotSupported", "Only STANDARD is supported on one machine.");
      }
      const arn = arnOf.stateMachine(checkName(input.name));
      const { key, changes } = store.keepDefinition(input.definition);
      if (changes.length > 0) parseDefinition(input.definition);
      const known = store.machine(arn);
      if (known !== undefined) {
        // The same again is a success; AWS does not compare the role.
        if (known.definition === key) return created(known);
        throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
      }
      const now = clock.now();
      const machine: MachineRow = {
        arn,
        name: input.name,
        roleArn: input.roleArn,
        definition: key,
        createdMs: now,
        updatedMs: now,
        revisionId: randomUUID(),
      };
      store.commit(...changes, store.putMachine(machine));
      return created(machine);
    }),

    UpdateStateMachine: jsonOperation(inputs.updateStateMachine, (input) => {
      const machine = machineAt(store, input.stateMachineArn);
      if (input.definition === undefined && input.roleArn === undefined) {
        throw new AwsError(
          "MissingRequiredParameter",
          "Either the definition or the role ARN must be specified.",
        );
      }
      const kept = input.definition === undefined ? undefined : store.keepDefinition(input.definition);
      if (kept !== undefined && kept.changes.length > 0) parseDefinition(input.definition ?? "");
      const updated: MachineRow = {
        ...machine,
        roleArn: input.roleArn ?? machine.roleArn,
        definition: kept?.key ?? machine.definition,
        updatedMs: clock.now(),
        revisionId: randomUUID(),
      };
      store.commit(...(kept?.changes ?? []), store.putMachine(updated));
      return { updateDate: updated.updatedMs / 1000, revisionId: updated.revisionId };
    }),

    /** Running executions go on with the definition they were started with. */
    DeleteStateMachine: jsonOperation(inputs.stateMachine, (input) => {
      checkMachineArn(input.stateMachineArn);
      if (store.machine(input.stateMachineArn)) store.commit(store.dropMachine(input.stateMachineArn));
    }),

    ListStateMachines: jsonOperation(inputs.list, (input) => {
      const all = store.machines().sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = pageOf(
        all,
        (machine) => machine.arn,
        sizeOf(input.maxResults),
        input.nextToken,
        "InvalidToken",
      );
      return {
        stateMachines: page.items.map((machine) => ({
          stateMachineArn: machine.arn,
          name: machine.name,
          type: "STANDARD",
          creationDate: machine.createdMs / 1000,
        })),
        nextToken: page.next,
      };
    }),
  };
}

/** Throws InvalidArn or StateMachineDoesNotExist. */
export function machineAt(store: ExecutionStore, arn: string): MachineRow {
  checkMachineArn(arn);
  const machine = store.machine(arn);
  if (machine !== undefined) return machine;
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

function checkMachineArn(arn: string): void {
  if (/^arn:aws:states:[a-z0-9-]+:\d{12}:stateMachine:[^:\s]{1,80}$/.test(arn)) return;
  throw new AwsError("InvalidArn", `Invalid Arn: '${arn}'`);
}

function created(machine: MachineRow) {
  return { stateMachineArn: machine.arn, creationDate: machine.createdMs / 1000 };
}
