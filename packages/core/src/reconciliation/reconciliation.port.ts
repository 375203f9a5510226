import type { Instance } from "../catalog/instance.ts";
import type { Context } from "../kernel/context.ts";

/** Starts the workflow `reconciliation` of the instance's network; the same name twice is one execution. */
export type ReconciliationContext = Context & {
  workflows: {
    startReconciliation(instance: Pick<Instance, "id" | "networkId">, executionName: string): Promise<void>;
  };
};
