/// <reference path="../.sst/platform/config.d.ts" />
import { createHash } from "node:crypto";
import { administratorSecretsOf, type NetworkSettings } from "./settings.ts";
import { arnIn, type Stage } from "./stage.ts";
import type { Statement } from "./statement.ts";

/** What CloudFront shows to the API lies in its configuration; the functions know its digest alone. The identity
 * provider's client secret is put into its place by hand, so that no deployment ever sees it. */
export function createSecrets(stage: Stage) {
  const value = new random.RandomPassword("OriginSecretValue", { length: 48, special: false });
  const signIn = new aws.secretsmanager.Secret(
    "SignInSecret",
    {
      name: `daypass/${stage.name}/sign-in`,
      description: "Client secret of Daypass at the identity provider; put its value here by hand",
      recoveryWindowInDays: stage.isProduction ? 30 : 0,
    },
    stage.kept,
  );
  const originDigest = value.result.apply((text) => createHash("sha256").update(text).digest("hex"));
  return { originValue: value.result, originDigest: $util.unsecret(originDigest), signIn };
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
  const { secretKeys, account } = network;
  if (account) return [{ Sid: "AccountOfTheNetwork", Action: "sts:AssumeRole", Resource: account.roleArn }];
  const read: Statement = {
    Sid: "SecretsOfAdministrators",
    Action: "secretsmanager:GetSecretValue",
    Resource: administratorSecretsOf(stage.name, network).map((beginning) =>
      secretsBeginning(stage, beginning),
    ),
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
