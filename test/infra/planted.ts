import type { Planted } from "./render/job.ts";

/** Mistakes that are easily made, each in the source of the infrastructure, and what must be said about it. */
export type Mistake = { what: string; stage?: "dev"; planted: readonly Planted[]; said: RegExp };

const one = (file: string, find: string, replace: string): Planted[] => [{ file, find, replace }];

export const mistakes: readonly Mistake[] = [
  {
    what: "a wildcard action",
    planted: one("infra/table.ts", '"dynamodb:Query"]', '"dynamodb:*"]'),
    said: /ApiExecutionRole: may do dynamodb:\*/,
  },
  {
    what: "a role that the whole account can take on",
    planted: one(
      "infra/statement.ts",
      "Principal: { Service: service },",
      'Principal: service === "lambda.amazonaws.com" ? { AWS: "arn:aws:iam::123456789012:root" } : { Service: service },',
    ),
    said: /BrokerMainExecutionRole: may be taken on by AWS:arn:aws:iam::123456789012:root/,
  },
  {
    what: "a function with SST's own role",
    planted: one("infra/functions.ts", "    role: role.arn,\n", ""),
    said: /must be made by createFunction, with a role of its own/,
  },
  {
    what: "an API that may read administrators' secrets",
    planted: one(
      "infra/api.ts",
      "        Resource: secrets.signIn.arn,",
      "        Resource: [secrets.signIn.arn, $interpolate`arn:aws:secretsmanager:eu-west-1:123456789012:secret:daypass/${stage.name}/*`],",
    ),
    said: /api may read administrators' secrets of the network main/,
  },
  {
    what: "a runner that may make secrets",
    planted: one(
      "infra/network.ts",
      'grantSecrets(stage, ["Get"])',
      'grantSecrets(stage, ["Get", "Create"])',
    ),
    said: /runner-main may do secretsmanager:CreateSecret on secrets of grants/,
  },
  {
    what: "a broker that the API may call",
    planted: one(
      "infra/api.ts",
      "Resource: networks.map(({ runner }) => runner.arn),",
      "Resource: networks.flatMap(({ runner, broker }) => [runner.arn, broker.arn]),",
    ),
    said: /broker-main may be called by api, /,
  },
  {
    what: "a broker that anybody may call",
    planted: one(
      "infra/network.ts",
      "  return { name: network.name, broker, runner };",
      `  new aws.lambda.Permission("Broker" + network.name, {
         action: "lambda:InvokeFunction", function: broker.name, principal: "*" });
       return { name: network.name, broker, runner };`,
    ),
    said: /let in from outside: \* lambda:InvokeFunction daypass-production-broker-main/,
  },
  {
    what: "a function URL that is open to everybody",
    planted: one("infra/api.ts", 'authorizationType: "AWS_IAM"', 'authorizationType: "NONE"'),
    said: /ApiStreamUrl: is open to everybody/,
  },
  {
    what: "an API in the VPC of a network",
    planted: one(
      "infra/api.ts",
      '{ ...settings, handler: "api" }',
      '{ ...settings, handler: "api", vpc: stage.settings.networks[0]?.vpc }',
    ),
    said: /api: is in .*subnet-0a1b2c3d4e5f60718/,
  },
  {
    what: "a table without point-in-time recovery",
    planted: one(
      "infra/table.ts",
      "pointInTimeRecovery: { enabled: true }",
      "pointInTimeRecovery: { enabled: false }",
    ),
    said: /Table: has no point-in-time recovery/,
  },
  {
    what: "a production table without deletion protection",
    planted: one(
      "infra/table.ts",
      "deletionProtectionEnabled: stage.isProduction",
      "deletionProtectionEnabled: false",
    ),
    said: /Table: deletion protection is false in production/,
  },
  {
    what: "a production stage that can be removed",
    planted: one("sst.config.ts", 'removal: isProduction ? "retain" : "remove"', 'removal: "remove"'),
    said: /app: removal is remove in production/,
  },
  {
    what: "logs that are kept for ever",
    planted: one("infra/functions.ts", "    retentionInDays: stage.settings.logDays,\n", ""),
    said: /BrokerMainLogs: is kept for ever/,
  },
  {
    what: "an archive without object lock",
    planted: one("infra/archive.ts", "objectLockEnabled: true", "objectLockEnabled: false"),
    said: /ArchiveBucket: object lock is off/,
  },
  {
    what: "a bucket that may become public",
    planted: one("infra/bucket.ts", "restrictPublicBuckets: true", "restrictPublicBuckets: false"),
    said: /PageBucket: may become public/,
  },
  {
    what: "failures of the stream that go nowhere",
    planted: one(
      "infra/stream.ts",
      "    destinationConfig: { onFailure: { destinationArn: failures.queue.arn } },\n",
      "",
    ),
    said: /NotifyStream: failures are lost/,
  },
  {
    what: "a schedule whose lost calls go nowhere",
    planted: one("infra/schedules.ts", "      deadLetterConfig: { arn: failures.queue.arn },\n", ""),
    said: /SweepSchedule: calls that do not arrive are lost/,
  },
  {
    what: "a workflow whose task has no Catch",
    planted: one(
      "packages/core/src/grant/grant.workflow.ts",
      'Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Rest" }],',
      "",
    ),
    said: /GrantMainWorkflow\.Turn: has no Catch for every error/,
  },
  {
    what: "a workflow that logs what it carries",
    planted: one("infra/workflow.ts", "includeExecutionData: false", "includeExecutionData: true"),
    said: /GrantMainWorkflow: logs what it carries/,
  },
  {
    what: "no alarm for late revocations",
    planted: one("infra/alarms.ts", 'counted("GrantsOverdue")', 'counted("GrantsRevoked")'),
    said: /no alarm when an account outlives its end by five minutes/,
  },
  {
    what: "a broker whose alarms stay in its log",
    planted: one(
      "infra/alarms.ts",
      "  for (const { name, broker } of watched.networks) countAlarmLines(stage, `broker-${name}`, broker);\n",
      "",
    ),
    said: /broker-main: alarms of the ledger stay in its log/,
  },
  {
    what: "altered events that do not reach the archive",
    planted: one("infra/stream.ts", ', eventIn("OldImage")]', "]"),
    said: /ArchiveStream: does not get a removed event/,
  },
  {
    what: "a silent sweeper that is no alarm",
    planted: one("infra/alarms.ts", "      isMissingBad: true,\n", ""),
    said: /SweeperSilentAlarm: silence is no alarm/,
  },
  {
    what: "alarms that nobody gets",
    planted: one("infra/alarms.ts", "    alarmActions: [topic.arn],\n", ""),
    said: /daypass-production-RevocationLate: tells nobody/,
  },
  {
    what: "a handler that is not there",
    planted: one("infra/schedules.ts", 'handler: "sweep"', 'handler: "sweeper"'),
    said: /Handler not found: packages\/functions\/src\/handlers\/sweeper\.handler/,
  },
  {
    what: "a secret in an environment",
    planted: one(
      "infra/api.ts",
      "DAYPASS_ORIGIN_SECRET_SHA256: secrets.originDigest",
      "DAYPASS_ORIGIN_SECRET_SHA256: secrets.originValue",
    ),
    said: /api: DAYPASS_ORIGIN_SECRET_SHA256 holds a secret/,
  },
  {
    what: "answers of the API that are kept for others",
    planted: one(
      "infra/web.ts",
      "cachePolicyId: managed.cachingDisabled",
      "cachePolicyId: managed.cachingOptimized",
    ),
    said: /Distribution: answers of api are kept for others/,
  },
  {
    what: "something that is paid for while idle",
    stage: "dev",
    planted: one(
      "infra/queues.ts",
      "  return { queue,",
      '  new aws.kms.Key("FailuresKey", {});\n  return { queue,',
    ),
    said: /FailuresKey: aws:kms\/key:Key is not on the list/,
  },
];
