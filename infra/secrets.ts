/// <reference path="../.sst/platform/config.d.ts" />
import type { NetworkSettings } from "./settings.ts";
import { arnIn, type Stage } from "./stage.ts";
import type { Statement } from "./statement.ts";

/** Secrets of this stack that are not a grant's: the identity provider's client secret, which is put there by hand, and
 * what CloudFront shows to the API. */
export function createSecrets(stage: Stage) {
  const value = new random.RandomPassword("OriginSecretValue", { length: 48, special: false });
  const origin = new aws.secretsmanager.Secret("OriginSecret", {
    name: `daypass/${stage.name}/origin`,
    description: "What CloudFront adds to requests, so that the API believes the viewer's address",
    recoveryWindowInDays: 0,
  });
  new aws.secretsmanager.SecretVersion("OriginSecretVersion", {
    secretId: origin.id,
    secretString: value.result,
  });
  const signIn = new aws.secretsmanager.Secret(
    "SignInSecret",
    {
      name: `daypass/${stage.name}/sign-in`,
      description: "Client secret of Daypass at the identity provider; put its value here by hand",
      recoveryWindowInDays: stage.isProduction ? 30 : 0,
    },
    stage.kept,
  );
  return { origin, originValue: value.result, signIn };
}
export type Secrets = ReturnType<typeof createSecrets>;

/** The secrets of grants, by the beginning of their names. */
export function grantSecrets(stage: Stage, actions: readonly ("Create" | "Get" | "Delete")[]): Statement {
  const known = {
    Create: "secretsmanager:CreateSecret",
    Get: "secretsmanager:GetSecretValue",
    Delete: "secretsmanager:DeleteSecret",
  };
  return {
    Sid: "SecretsOfGrants",
    Action: actions.map((action) => known[action]),
    Resource: secretsBeginning(stage, `daypass/${stage.name}/grants/`),
  };
}

/** The administrators' secrets of one network: read only, by the beginnings of their names, in this account or in the
 * account of the network. */
export function administratorSecrets(stage: Stage, network: NetworkSettings): Statement[] {
  const { name, secretKeys, account } = network;
  if (account) return [{ Sid: "AccountOfTheNetwork", Action: "sts:AssumeRole", Resource: account.roleArn }];
  const beginnings = network.administratorSecrets ?? [`daypass/${stage.name}/administrators/${name}/`];
  const read: Statement = {
    Sid: "SecretsOfAdministrators",
    Action: "secretsmanager:GetSecretValue",
    Resource: beginnings.map((beginning) => secretsBeginning(stage, beginning)),
  };
  if (secretKeys.length === 0) return [read];
  const throughSecretsManager = {
    StringEquals: { "kms:ViaService": `secretsmanager.${stage.settings.region}.amazonaws.com` },
  };
  return [
    read,
    { Sid: "TheirKeys", Action: "kms:Decrypt", Resource: secretKeys, Condition: throughSecretsManager },
  ];
}

export function secretsBeginning(stage: Stage, beginning: string): $util.Output<string> {
  return arnIn(stage, "secretsmanager", `secret:${beginning}*`);
}
