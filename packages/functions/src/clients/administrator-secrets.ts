import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { Environment } from "../environment.ts";
import { clientOptions } from "./options.ts";

/** Reads the secrets of administrators, in this account or as a role of the one that the network's databases are in.
 * The external id keeps others, for whom that role might be taken on as well, apart from us. */
export function administratorSecretsClient({
  region,
  stack,
  accountRoleArn,
  accountExternalId,
}: Pick<Environment, "region" | "stack" | "accountRoleArn" | "accountExternalId">): SecretsManagerClient {
  const options = clientOptions(region, 4000);
  if (accountRoleArn === undefined) return new SecretsManagerClient(options);
  const credentials = fromTemporaryCredentials({
    params: {
      RoleArn: accountRoleArn,
      RoleSessionName: `daypass-${stack}-broker`,
      ...(accountExternalId === undefined ? {} : { ExternalId: accountExternalId }),
    },
    clientConfig: options,
  });
  return new SecretsManagerClient({ ...options, credentials });
}
