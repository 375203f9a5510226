/// <reference path="../.sst/platform/config.d.ts" />
import { baseEnvironment, numbers } from "./environment.ts";
import { createFunction, type FunctionSettings } from "./functions.ts";
import type { Network } from "./network.ts";
import { grantSecrets, type Secrets } from "./secrets.ts";
import type { Stage } from "./stage.ts";
import { tableAccess } from "./table.ts";
import type { Workflows } from "./workflow.ts";

export type Deployed = readonly (Network & { workflows: Workflows })[];

/** What browsers reach: a function outside any VPC behind an HTTP API, and its twin behind a URL that streams. */
export function createApi(
  stage: Stage,
  parts: { table: aws.dynamodb.Table; secrets: Secrets; networks: Deployed },
) {
  const settings = apiSettings(stage, parts);
  const api = createFunction(stage, "api", { ...settings, handler: "api" });
  const stream = createFunction(stage, "api-stream", {
    ...settings,
    handler: "api-stream",
    // It answers reads of the table and nothing else; see packages/functions/src/http/streamed.ts.
    permissions: [tableAccess(parts.table, "write")],
    isStreaming: true,
    timeoutSeconds: 60,
  });
  const gateway = createGateway(stage, api);
  // Only CloudFront, and only our distribution, is let in; see web.ts.
  const streamUrl = new aws.lambda.FunctionUrl("ApiStreamUrl", {
    functionName: stream.name,
    authorizationType: "AWS_IAM",
    invokeMode: "RESPONSE_STREAM",
  });
  return { api, stream, gateway, streamUrl };
}
export type Api = ReturnType<typeof createApi>;

function apiSettings(
  stage: Stage,
  { table, secrets, networks }: Parameters<typeof createApi>[1],
): Omit<FunctionSettings, "handler"> {
  const { signIn, limits } = stage.settings;
  return {
    environment: {
      ...baseEnvironment(stage, table),
      DAYPASS_OIDC_ISSUER: signIn.issuer,
      DAYPASS_OIDC_CLIENT_ID: signIn.clientId,
      DAYPASS_OIDC_CLIENT_SECRET_NAME: secrets.signIn.name,
      DAYPASS_OIDC_GROUPS_CLAIM: signIn.groupsClaim,
      DAYPASS_OIDC_GROUPS_WHEN_ABSENT: signIn.groups.whenAbsent,
      ...(signIn.groups.separator ? { DAYPASS_OIDC_GROUPS_SEPARATOR: signIn.groups.separator } : {}),
      ...(signIn.groups.field ? { DAYPASS_OIDC_GROUPS_FIELD: signIn.groups.field } : {}),
      DAYPASS_OIDC_SCOPE: signIn.scope,
      DAYPASS_OIDC_CLIENT_AUTHENTICATION: signIn.clientAuthentication,
      DAYPASS_ORIGIN_SECRET_SHA256: secrets.originDigest,
      DAYPASS_NETWORKS: networkList(networks),
      ...numbers({
        DAYPASS_SIGN_INS_PER_MINUTE: limits.signInsPerMinute,
        DAYPASS_CHANGES_PER_MINUTE: limits.changesPerMinute,
        DAYPASS_PREVIEWS_PER_MINUTE: limits.previewsPerMinute,
      }),
    },
    permissions: [
      tableAccess(table, "write"),
      grantSecrets(stage, ["Get"]),
      {
        Sid: "ClientSecret",
        Action: "secretsmanager:GetSecretValue",
        Resource: secrets.signIn.arn,
      },
      {
        Sid: "Timers",
        Action: "states:StartExecution",
        Resource: networks.flatMap(({ workflows }) => Object.values(workflows).map(({ arn }) => arn)),
      },
      {
        Sid: "Runners",
        Action: "lambda:InvokeFunction",
        Resource: networks.map(({ runner }) => runner.arn),
      },
    ],
    // API Gateway gives up after 30.
    timeoutSeconds: 29,
    memoryMb: 1024,
  };
}

/** Where the application finds each network. */
export function networkList(networks: Deployed): $util.Output<string> {
  return $jsonStringify(
    networks.map(({ name, broker, runner, workflows }) => ({
      name,
      stateMachineArn: workflows.grant.arn,
      inspectionStateMachineArn: workflows.inspection.arn,
      reconciliationStateMachineArn: workflows.reconciliation.arn,
      brokerFunction: broker.name,
      runnerFunction: runner.name,
    })),
  );
}

function createGateway(stage: Stage, api: sst.aws.Function): aws.apigatewayv2.Api {
  const gateway = new aws.apigatewayv2.Api("Gateway", { name: stage.named("api"), protocolType: "HTTP" });
  const integration = new aws.apigatewayv2.Integration("GatewayIntegration", {
    apiId: gateway.id,
    integrationType: "AWS_PROXY",
    integrationUri: api.arn,
    payloadFormatVersion: "2.0",
    timeoutMilliseconds: 30_000,
  });
  new aws.apigatewayv2.Route("GatewayRoute", {
    apiId: gateway.id,
    routeKey: "ANY /api/{proxy+}",
    target: $interpolate`integrations/${integration.id}`,
  });
  const logGroup = new aws.cloudwatch.LogGroup("GatewayLogs", {
    name: `/aws/vendedlogs/apis/${stage.named("api")}`,
    retentionInDays: stage.settings.logDays,
  });
  new aws.apigatewayv2.Stage("GatewayStage", {
    apiId: gateway.id,
    name: "$default",
    autoDeploy: true,
    accessLogSettings: {
      destinationArn: logGroup.arn,
      // No query: the answer of the identity provider travels in it.
      format: JSON.stringify({
        requestId: "$context.requestId",
        method: "$context.httpMethod",
        route: "$context.routeKey",
        status: "$context.status",
        latencyMs: "$context.responseLatency",
        error: "$context.integrationErrorMessage",
      }),
    },
    defaultRouteSettings: { throttlingBurstLimit: 200, throttlingRateLimit: 100 },
  });
  new aws.lambda.Permission("GatewayMayCallApi", {
    action: "lambda:InvokeFunction",
    function: api.name,
    principal: "apigateway.amazonaws.com",
    sourceArn: $interpolate`${gateway.executionArn}/*/*/api/{proxy+}`,
  });
  return gateway;
}
