import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { inspectionWorkflow } from "@daypass/core/catalog/inspection.workflow.ts";
import { grantWorkflow } from "@daypass/core/grant/grant.workflow.ts";
import { tableDefinition } from "@daypass/core/kernel/table.definition.ts";
import { reconciliationWorkflow } from "@daypass/core/reconciliation/reconciliation.workflow.ts";
import { accountId, arnOf } from "@daypass/local/aws/server/arn.ts";
import { startAws } from "@daypass/local/aws/start-aws.ts";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { startOidc } from "@daypass/local/oidc/oidc.ts";

export const origin = "http://127.0.0.1:4999";

export type Machine = Awaited<ReturnType<typeof startMachine>>;

/** The handlers as they are, over the AWS and the identity provider of one machine; everything is in memory. The
 * environment is that of this process, so a test file has one of these at a time. */
export async function startMachine() {
  const folder = await mkdtemp(join(tmpdir(), "daypass-oidc-"));
  const oidc = await startOidc({
    folder,
    redirectUris: [`${origin}/api/sign-in/callback`],
    postLogoutRedirectUris: [`${origin}/`],
  });
  const dynamodb = await createDynamoDb({ folder: undefined });
  const before = { ...process.env };
  const broker = {
    load: async () => (await import("@daypass/functions/handlers/broker.ts")).handler,
    timeoutMs: 20_000,
  };
  const runner = {
    load: async () => (await import("@daypass/functions/handlers/runner.ts")).handler,
    timeoutMs: 20_000,
  };
  const aws = await startAws({
    handlers: { dynamodb },
    functions: { "daypass-broker": broker, "daypass-runner": runner },
    prepare: async ({ environment }) => {
      Object.assign(process.env, environment, {
        DAYPASS_TABLE: "daypass",
        DAYPASS_STACK: "test",
        DAYPASS_ORIGIN: origin,
        DAYPASS_OIDC_ISSUER: oidc.issuer,
        DAYPASS_OIDC_CLIENT_ID: oidc.clientId,
        DAYPASS_OIDC_CLIENT_SECRET_NAME: "daypass/oidc-client",
        DAYPASS_ADMINISTRATOR_GROUPS: "administrators",
        DAYPASS_AUDITOR_GROUPS: "auditors",
        DAYPASS_MAIL_FROM: "Daypass <daypass@example.com>",
        DAYPASS_ARCHIVE_BUCKET: "daypass-archive",
        DAYPASS_NETWORKS: JSON.stringify([
          {
            name: "default",
            stateMachineArn: arnOf.stateMachine("daypass-grant"),
            inspectionStateMachineArn: arnOf.stateMachine("daypass-inspection"),
            reconciliationStateMachineArn: arnOf.stateMachine("daypass-reconciliation"),
            brokerFunction: "daypass-broker",
            runnerFunction: "daypass-runner",
          },
        ]),
      });
      await provision(oidc.clientSecret);
    },
  });
  return {
    aws,
    dynamodb,
    oidc,
    async close() {
      await aws.close();
      await dynamodb.close();
      await oidc.close();
      await rm(folder, { recursive: true });
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}

async function provision(clientSecret: string): Promise<void> {
  const [table, secrets, workflows] = [new DynamoDBClient(), new SecretsManagerClient(), new SFNClient()];
  await table.send(new CreateTableCommand(tableDefinition("daypass")));
  await secrets.send(new CreateSecretCommand({ Name: "daypass/oidc-client", SecretString: clientSecret }));
  const roleArn = `arn:aws:iam::${accountId}:role/test`;
  const broker = arnOf.function("daypass-broker");
  for (const [name, definition] of [
    ["daypass-grant", grantWorkflow(broker)],
    ["daypass-inspection", inspectionWorkflow(broker)],
    ["daypass-reconciliation", reconciliationWorkflow(broker)],
  ] as const) {
    await workflows.send(
      new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
    );
  }
  for (const client of [table, secrets, workflows]) client.destroy();
}

/** The context of an invocation, as Lambda gives it. */
export function invocation(requestId = "invocation-1") {
  return {
    awsRequestId: requestId,
    functionName: "test",
    functionVersion: "$LATEST",
    invokedFunctionArn: arnOf.function("test"),
    memoryLimitInMB: "1024",
    logGroupName: "test",
    logStreamName: "test",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => 20_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** An event of API Gateway's HTTP API, payload format 2.0. */
export function httpEvent(
  method: string,
  address: string,
  {
    cookies,
    headers = {},
    body,
  }: { cookies?: string[]; headers?: Record<string, string>; body?: unknown } = {},
) {
  const { pathname, search } = new URL(address, origin);
  const hasBody = body !== undefined;
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: search.slice(1),
    ...(cookies ? { cookies } : {}),
    headers: {
      host: "127.0.0.1:4999",
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    requestContext: {
      accountId,
      apiId: "api",
      authentication: null,
      authorizer: {},
      domainName: "127.0.0.1",
      domainPrefix: "api",
      http: { method, path: pathname, protocol: "HTTP/1.1", sourceIp: "192.0.2.7", userAgent: "test" },
      requestId: `http-${Math.round(performance.now() * 1000)}`,
      routeKey: "$default",
      stage: "$default",
      time: "09/Jun/2026:12:00:00 +0000",
      timeEpoch: 0,
    },
    body: hasBody ? JSON.stringify(body) : null,
    isBase64Encoded: false,
  };
}
