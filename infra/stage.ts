/// <reference path="../.sst/platform/config.d.ts" />
import { readSettings } from "./read-settings.ts";
import type { StageSettings } from "./settings.ts";

/** What every part of the system is told about the stage that it belongs to. */
export type Stage = {
  /** Also the name of the stack in names of secrets and in the marks of accounts. */
  name: string;
  isProduction: boolean;
  settings: StageSettings;
  origin: string;
  accountId: $util.Output<string>;
  partition: $util.Output<string>;
  /** daypass-production-broker-main: as long as Lambda lets it be, and the same at every deployment. */
  named(part: string): string;
  /** For what is protected in production and removable elsewhere. */
  kept: { protect: boolean };
};

export function currentStage(): Stage {
  const { stage: name, protect: isProduction } = $app;
  const settings = readSettings(name);
  return {
    name,
    isProduction,
    settings,
    origin: `https://${settings.domain.name}`,
    accountId: aws.getCallerIdentityOutput().accountId,
    partition: aws.getPartitionOutput().partition,
    named: (part) => `daypass-${name}-${part}`,
    kept: { protect: isProduction },
  };
}

/** An ARN in the account and region of this deployment. */
export function arnIn(stage: Stage, service: string, resource: $util.Input<string>): $util.Output<string> {
  const { partition, accountId, settings } = stage;
  return $interpolate`arn:${partition}:${service}:${settings.region}:${accountId}:${resource}`;
}
