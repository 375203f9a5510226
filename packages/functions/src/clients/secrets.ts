import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "./options.ts";

export function secretsClient(region: string): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(region, 4000));
}
