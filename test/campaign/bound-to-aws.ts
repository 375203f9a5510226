import { LambdaClient } from "@aws-sdk/client-lambda";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import type { Log } from "@daypass/core/kernel/context.ts";
import { brokerContexts } from "@daypass/functions/data-plane.ts";
import type { Aws } from "@daypass/local/aws/start-aws.ts";
import { settings } from "../integration/harness.ts";

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The broker's clients take their addresses from the environment with their first request: one installation at a time,
 * and each client asked once, so that all of them are bound to their own AWS. */
let binding: Promise<unknown> = Promise.resolve();

export function boundTo(aws: Aws, table: string): Promise<ReturnType<typeof brokerContexts>> {
  const bound = binding.then(async () => {
    Object.assign(process.env, environmentFor(aws, table));
    const contexts = brokerContexts();
    const invocation = { log: silent, requestId: "binding", endsAt: instantOf(Date.now()) };
    const { grantSecrets, secretsManager } = contexts(invocation, "workflow");
    await grantSecrets.delete("daypass/nothing");
    await secretsManager.send(new ListSecretsCommand({ MaxResults: 1 }));
    return contexts;
  });
  binding = bound.catch(() => undefined);
  return bound;
}

export function environmentFor(aws: Aws, table: string): Record<string, string> {
  return {
    ...aws.environment,
    DAYPASS_TABLE: table,
    DAYPASS_STACK: settings.stack,
    DAYPASS_ORIGIN: settings.origin,
    DAYPASS_ADMINISTRATOR_GROUPS: "administrators",
    DAYPASS_AUDITOR_GROUPS: "auditors",
  };
}

export function clientsOf({ url, environment }: Aws) {
  const options = {
    endpoint: url,
    region: "us-east-1",
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
  return {
    secrets: new SecretsManagerClient(options),
    workflows: new SFNClient(options),
    functions: new LambdaClient({ ...options, maxAttempts: 1 }),
  };
}
