/// <reference path="../.sst/platform/config.d.ts" />
import { external } from "./external.ts";
import type { NetworkSettings } from "./settings.ts";
import { arnIn, type Stage } from "./stage.ts";
import { type Statement, serviceRole } from "./statement.ts";

export type FunctionSettings = {
  /** File of packages/functions/src/handlers. */
  handler: string;
  environment: Record<string, $util.Input<string>>;
  permissions: readonly Statement[];
  timeoutSeconds: number;
  memoryMb: number;
  vpc?: NetworkSettings["vpc"];
  reservedConcurrency?: number | undefined;
  isStreaming?: boolean;
};

/** A function with a role and a log group of its own. SST bundles and uploads it; what it may do is said here: SST's
 * own role can be taken on by the whole account, and its managed policies let it write to every log. */
export function createFunction(stage: Stage, part: string, settings: FunctionSettings): sst.aws.Function {
  const id = idOf(part);
  const name = stage.named(part);
  const logGroup = new aws.cloudwatch.LogGroup(`${id}Logs`, {
    name: logGroupOf(stage, part),
    retentionInDays: stage.settings.logDays,
  });
  const role = serviceRole(`${id}ExecutionRole`, name, "lambda.amazonaws.com", [
    { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: $interpolate`${logGroup.arn}:*` },
    {
      Sid: "TracesHaveNoResources",
      Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
      Resource: "*",
    },
    ...(settings.vpc ? networkInterfaces(arnIn(stage, "lambda", `function:${name}`)) : []),
    ...settings.permissions,
  ]);
  return new sst.aws.Function(id, {
    name,
    handler: `packages/functions/src/handlers/${settings.handler}.handler`,
    role: role.arn,
    runtime: "nodejs24.x",
    architecture: "arm64",
    timeout: `${settings.timeoutSeconds} seconds`,
    memory: `${settings.memoryMb} MB`,
    streaming: settings.isStreaming ?? false,
    // Every line is JSON already, and metrics are read from it: Lambda is to leave it as it is.
    logging: { logGroup: logGroup.name, format: "text" },
    nodejs: bundling,
    ...(settings.vpc
      ? { vpc: { privateSubnets: settings.vpc.subnets, securityGroups: settings.vpc.securityGroups } }
      : {}),
    ...(settings.reservedConcurrency ? { concurrency: { reserved: settings.reservedConcurrency } } : {}),
    transform: {
      function(args) {
        args.tracingConfig = { mode: "Active" };
        // SST adds a key for linked resources. Nothing is linked, and no secret belongs into an environment.
        args.environment = { variables: withinLimit(name, settings.environment) };
      },
    },
  });
}

export function logGroupOf(stage: Stage, part: string): string {
  return `/daypass/${stage.name}/${part}`;
}

/** Lambda takes 4 KB of names and values; what AWS would say about more names neither function nor remedy. */
function withinLimit(name: string, environment: FunctionSettings["environment"]) {
  return $util.output(environment).apply((variables) => {
    const bytes = Buffer.byteLength(Object.entries(variables).flat().join(""));
    if (bytes <= 4096) return variables;
    throw new Error(
      `The environment of ${name} has ${bytes} bytes, and Lambda takes 4096: have fewer networks, or shorter names.`,
    );
  });
}

/** What functions are bundled with; tests and measurements of bundles take it from here too. */
export const bundling = { minify: true, sourcemap: false, format: "esm" as const, esbuild: { external } };

/** "broker-main" becomes "BrokerMain". */
export function idOf(part: string): string {
  return part
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** Lambda attaches functions to a VPC with the function's own role, and EC2 knows no resource for most of it. The code
 * of the function is denied what only Lambda needs. */
function networkInterfaces(functionArn: $util.Output<string>): Statement[] {
  const actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ];
  return [
    { Sid: "LambdaAttachesToTheVpc", Action: actions, Resource: "*" },
    {
      Sid: "CodeDoesNot",
      Effect: "Deny",
      Action: actions,
      Resource: "*",
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}
