import { InvokeCommand, type LambdaClient, ResourceNotReadyException } from "@aws-sdk/client-lambda";
import type { Clock } from "@daypass/core/kernel/clock.ts";

/** Has a network's broker look at one grant, and waits for it. A function that was idle for weeks fails its first
 * call while its network interface comes back: that one error is tried once more. */
export async function turnBroker(
  { client, clock }: { client: LambdaClient; clock: Pick<Clock, "sleep"> },
  functionName: string,
  grantId: string,
): Promise<void> {
  const Payload = JSON.stringify({ step: "turn", grantId, by: "sweeper" });
  const invoke = () => client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const answer = await invoke().catch(async (error: unknown) => {
    if (!(error instanceof ResourceNotReadyException)) throw error;
    await clock.sleep(inactiveMs);
    return invoke();
  });
  if (answer.FunctionError) throw new BrokerFailure(functionName);
}

const inactiveMs = 5000;

/** The broker's own log says why. */
export class BrokerFailure extends Error {
  constructor(functionName: string) {
    super(`${functionName} failed`);
    this.name = "BrokerFailure";
  }
}
