import type { Context } from "../kernel/context.ts";
import type { Instance } from "./instance.ts";

/** Starts the workflow `inspection` of the instance's network; the same name twice is one execution. */
export type InspectionContext = Context & {
  workflows: {
    startInspection(instance: Pick<Instance, "id" | "networkId">, executionName: string): Promise<void>;
  };
};
