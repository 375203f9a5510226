import { type Clock, systemClock } from "@daypass/core/kernel/clock.ts";
import { functionClient } from "../clients/functions.ts";
import { secretsClient } from "../clients/secrets.ts";
import { workflowClient } from "../clients/workflows.ts";
import { callRunner } from "./call-runner.ts";
import { readClientSecret } from "./client-secret.ts";
import { readCredential } from "./read-credential.ts";
import { startExecution } from "./start-execution.ts";

/** What the api function needs for few of its requests. The AWS clients are made by the first of these: most cold starts
 * are somebody opening a page. */
export function onDemand(region: string, clock: Pick<Clock, "sleep"> = systemClock) {
  const secrets = secretsClient(region);
  const workflows = workflowClient(region);
  const runners = functionClient(region, runnerTimeoutMs);
  return {
    readClientSecret: (name: string) => readClientSecret(secrets, name),
    readCredential: (...[ctx, grant]: DropClient<typeof readCredential>) =>
      readCredential(ctx, secrets, grant),
    callRunner: (functionName: string, grantId: string) =>
      callRunner({ client: runners, clock }, functionName, grantId),
    startExecution: (execution: Parameters<typeof startExecution>[1]) => startExecution(workflows, execution),
  };
}

/** Of two tries, five seconds apart, both must fit into the 30 s of API Gateway. */
const runnerTimeoutMs = 11_000;

type DropClient<F extends typeof readCredential> =
  Parameters<F> extends [infer Ctx, unknown, infer Grant] ? [Ctx, Grant] : never;
