import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DomainError } from "@daypass/core/kernel/errors.ts";

/** The identity provider's client secret: as plain text, or in the field `clientSecret` of JSON. */
export async function readClientSecret(client: SecretsManagerClient, name: string): Promise<string> {
  const { SecretString: text } = await client
    .send(new GetSecretValueCommand({ SecretId: name }))
    .catch(unreadable);
  if (!text) return unreadable();
  if (!text.startsWith("{")) return text;
  const { clientSecret } = JSON.parse(text) as { clientSecret?: unknown };
  return typeof clientSecret === "string" && clientSecret !== "" ? clientSecret : unreadable();
}

function unreadable(cause?: unknown): never {
  const message = "The identity provider's client secret cannot be read; tell an administrator.";
  throw new DomainError("unavailable", "sign-in.client-secret", message, { cause });
}
