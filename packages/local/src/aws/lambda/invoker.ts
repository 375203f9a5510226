import type { Faults } from "../server/faults.ts";
import type { InvocationResult } from "./function.ts";
import type { Lambda } from "./lambda.ts";

/** Lambda as the other services of this machine call it. Throws AwsError when Lambda itself refuses. */
export interface Invoker {
  invoke(nameOrArn: string, payload: string): Promise<InvocationResult>;
  /** Asynchronous: resolves once the event is kept. */
  invokeLater(nameOrArn: string, payload: string): Promise<void>;
}

/** Their calls meet Lambda's switches as a client's do. */
export function invokerOf(lambda: Lambda, faults: Faults): Invoker {
  return {
    invoke: (name, payload) => faults.around("lambda", "Invoke", () => lambda.invoke(name, payload)),
    invokeLater: (name, payload) =>
      faults.around("lambda", "Invoke", async () => lambda.invokeLater(name, payload)),
  };
}
