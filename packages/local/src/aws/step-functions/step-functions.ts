import type { Invoker } from "../lambda/invoker.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import { jsonService, type Service } from "../server/service.ts";
import { executionStore } from "./execution.store.ts";
import { executionOperations } from "./execution-operations.ts";
import { machineOperations } from "./machine-operations.ts";
import { executionRunner } from "./runner.ts";

export interface StepFunctions extends Service {
  resume(): void;
}

/** Standard workflows whose executions outlive the process. */
export function stepFunctions(parts: {
  journal: Journal;
  clock: Clock;
  lambda: Invoker;
  stop: AbortSignal;
}): StepFunctions {
  const { clock } = parts;
  const store = executionStore(parts.journal, clock.now());
  const runner = executionRunner({ store, clock, lambda: parts.lambda, stop: parts.stop });
  const service = jsonService({
    ...machineOperations(store, clock),
    ...executionOperations(store, runner, clock),
  });
  return { ...service, resume: () => runner.resume() };
}
