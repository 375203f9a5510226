import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createOpenId, type OpenId, type OpenIdSettings } from "@daypass/core/identity/openid.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";

/** The identity provider; its client's secret is read at the first sign-in and stays inside. A secret that was changed
 * since is read by the next cold start. */
export function openIdFrom(
  client: SecretsManagerClient,
  secretName: string,
  settings: Omit<OpenIdSettings, "clientSecret">,
): OpenId {
  let made: Promise<OpenId> | undefined;
  return {
    settings: { ...settings, clientSecret: "" },
    async configuration() {
      made ??= clientSecretOf(client, secretName).then((clientSecret) =>
        createOpenId({ ...settings, clientSecret }),
      );
      // What failed is tried again by the next sign-in.
      const openid = await made.catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return openid.configuration();
    },
  };
}

/** As plain text, or in the field `clientSecret` of JSON. */
async function clientSecretOf(client: SecretsManagerClient, name: string): Promise<string> {
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
