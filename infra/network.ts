/// <reference path="../.sst/platform/config.d.ts" />
import { baseEnvironment, numbers } from "./environment.ts";
import { createFunction } from "./functions.ts";
import { administratorSecrets, grantSecrets } from "./secrets.ts";
import type { NetworkSettings } from "./settings.ts";
import type { Stage } from "./stage.ts";
import { tableAccess } from "./table.ts";

/** Without any network in the settings there is one outside every VPC, which costs nothing while idle. */
export function networksOf(stage: Stage): NetworkSettings[] {
  const { networks } = stage.settings;
  return networks.length > 0 ? networks : [{ name: "default", secretKeys: [] }];
}

/** The data plane of one network. The broker alone can read administrators' secrets, and makes and deletes those of
 * grants; the runner can read those of grants and nothing else. */
export function createNetwork(stage: Stage, network: NetworkSettings, table: aws.dynamodb.Table) {
  const { vpc, account } = network;
  const environment = { ...baseEnvironment(stage, table), ...authorities };
  const place = vpc ? { vpc } : {};
  const broker = createFunction(stage, `broker-${network.name}`, {
    handler: "broker",
    environment: {
      ...environment,
      ...numbers({ DAYPASS_CONNECTIONS_PER_INSTANCE: stage.settings.limits.connectionsPerInstance }),
      ...(account
        ? { DAYPASS_ACCOUNT_ROLE_ARN: account.roleArn, DAYPASS_ACCOUNT_EXTERNAL_ID: account.externalId }
        : {}),
    },
    permissions: [
      tableAccess(table, "write"),
      grantSecrets(stage, ["Create", "Get", "Delete"]),
      ...administratorSecrets(stage, network),
    ],
    timeoutSeconds: 110,
    memoryMb: 512,
    reservedConcurrency: network.concurrency,
    ...place,
  });
  const runner = createFunction(stage, `runner-${network.name}`, {
    handler: "runner",
    environment,
    permissions: [tableAccess(table, "read"), grantSecrets(stage, ["Get"])],
    timeoutSeconds: 10,
    memoryMb: 512,
    ...place,
  });
  return { name: network.name, broker, runner };
}
/** Lambda's Node does not know Amazon's own authorities unless it is told where they are; without them `tls: verify`
 * refuses every server of RDS. */
const authorities = { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };

export type Network = ReturnType<typeof createNetwork>;
