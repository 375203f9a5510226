import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** The JSON of a secret that RDS manages has more in it; this much of it is looked at here. */
type AdministratorSecret = { name: string; value: { host: string; port: number } };

export type ProvisionedSecrets = {
  administrators: readonly AdministratorSecret[];
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
    for (const secret of secrets.administrators) await putAdministrator(client, secret);
  } finally {
    client.destroy();
  }
}

/** The same for one server that comes later than the others. */
export async function provisionAdministrator(secret: AdministratorSecret): Promise<void> {
  const client = new SecretsManagerClient();
  try {
    await putAdministrator(client, secret);
  } finally {
    client.destroy();
  }
}

async function putAdministrator(
  client: SecretsManagerClient,
  { name, value }: AdministratorSecret,
): Promise<void> {
  const { host, port } = value;
  const moved = (known: string) => JSON.stringify({ ...JSON.parse(known), host, port });
  await put(client, name, moved, JSON.stringify(value));
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
