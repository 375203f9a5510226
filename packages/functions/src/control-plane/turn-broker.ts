import { InvokeCommand, type LambdaClient, ResourceNotReadyException } from "@aws-sdk/client-lambda";
import { type Turn, turnSchema } from "@daypass/core/grant/turn.ts";
import { type Clock, epochMs, type Instant } from "@daypass/core/kernel/clock.ts";

type Parts = { client: LambdaClient; clock: Clock; endsAt: Instant };

/** Has a network's broker look at one grant, and waits for its answer. */
export async function turnBroker(parts: Parts, functionName: string, grantId: string): Promise<Turn> {
  return turnIn(
    await callBroker(parts, functionName, { step: "turn", grantId, by: "sweeper" }),
    functionName,
  );
}

/** Has a network's broker compare ledger and accounts of one instance, and waits for it. */
export async function reconcileByBroker(
  parts: Parts,
  functionName: string,
  instanceId: string,
): Promise<void> {
  await callBroker(parts, functionName, { step: "reconcile", instanceId, by: "sweeper" });
}

/** Waits as long as the caller itself has time; the broker goes on without it. A function that was idle for weeks fails
 * its first call while its network interface comes back: that one error is tried once more. */
async function callBroker({ client, clock, endsAt }: Parts, functionName: string, step: object) {
  const Payload = JSON.stringify(step);
  const patienceMs = Math.max(0, epochMs(endsAt) - epochMs(clock.now()) - toFinishMs);
  const abortSignal = AbortSignal.timeout(patienceMs);
  const invoke = () =>
    client.send(new InvokeCommand({ FunctionName: functionName, Payload }), { abortSignal });
  const answer = await invoke().catch(async (error: unknown) => {
    if (!(error instanceof ResourceNotReadyException)) throw error;
    await clock.sleep(inactiveMs);
    return invoke();
  });
  if (answer.FunctionError) throw new BrokerFailure(functionName);
  return answer.Payload;
}

const inactiveMs = 5000;
/** What the caller needs after the last answer. */
const toFinishMs = 5000;

function turnIn(payload: Uint8Array | undefined, functionName: string): Turn {
  try {
    return turnSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    // What it said instead stays out of our log.
    throw new BrokerFailure(functionName);
  }
}

/** The broker's own log says why. */
export class BrokerFailure extends Error {
  constructor(functionName: string) {
    super(`${functionName} failed`);
    this.name = "BrokerFailure";
  }
}
