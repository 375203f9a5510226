import { InvokeCommand, type LambdaClient, ResourceNotReadyException } from "@aws-sdk/client-lambda";
import { type AccessTestView, accessTestView } from "@daypass/core/credential/access-test.view.ts";
import type { Clock } from "@daypass/core/kernel/clock.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";

/** Has a network's runner log in as the account of a grant. A function that was idle for weeks fails its first call
 * while its network interface comes back: that one error is tried once more. Results that stream will come by
 * InvokeWithResponseStream, which the same permission allows.
 * @throws DomainError unavailable `runner.unavailable`. */
export async function callRunner(
  { client, clock }: { client: LambdaClient; clock: Pick<Clock, "sleep"> },
  functionName: string,
  grantId: string,
): Promise<AccessTestView> {
  const Payload = JSON.stringify({ step: "test-access", grantId });
  const invoke = () => client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const answer = await invoke()
    .catch(async (error: unknown) => {
      if (!(error instanceof ResourceNotReadyException)) throw error;
      await clock.sleep(inactiveMs);
      return invoke();
    })
    .catch((error: unknown) => unavailable(error));
  if (answer.FunctionError || !answer.Payload) return unavailable();
  // What comes from where databases are is looked at like anything else from outside.
  const parsed = accessTestView.safeParse(JSON.parse(new TextDecoder().decode(answer.Payload)));
  return parsed.success ? parsed.data : unavailable();
}

const inactiveMs = 5000;

function unavailable(cause?: unknown): never {
  const message = "The runner of this network does not answer; its log says why.";
  throw new DomainError("unavailable", "runner.unavailable", message, { cause });
}
