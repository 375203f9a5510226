import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { AdministratorSecret } from "../target/postgres/target.ts";

export type ProvisionedSecrets = {
  administrators: readonly { name: string; value: AdministratorSecret }[];
  oidcClient: { name: string; value: string };
};

/**
 * Puts the credentials into Secrets Manager. Of an administrator's secret that is there already only the address is
 * brought up to date: its password may have been rotated since.
 */
export async function provisionSecrets(secrets: ProvisionedSecrets): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    await put(client, secrets.oidcClient.name, () => secrets.oidcClient.value, secrets.oidcClient.value);
    for (const { name, value } of secrets.administrators) {
      const { host, port } = value;
      const moved = (known: string) => JSON.stringify({ ...JSON.parse(known), host, port });
      await put(client, name, moved, JSON.stringify(value));
    }
  } finally {
    client.destroy();
  }
}

async function put(
  client: SecretsManagerClient,
  name: string,
  changed: (known: string) => string,
  initial: string,
): Promise<void> {
  const known = await create(client, name, initial);
  if (known === undefined) return;
  const next = changed(known);
  if (next !== known) await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: next }));
}

/** Returns the value that is there already; undefined when the secret was made. */
async function create(
  client: SecretsManagerClient,
  name: string,
  value: string,
): Promise<string | undefined> {
  try {
    await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    return undefined;
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    const found = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return found.SecretString ?? "";
  }
}
