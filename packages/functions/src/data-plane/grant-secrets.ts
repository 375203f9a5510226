import { createHash } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Credential, GrantSecrets } from "@daypass/core/grant/account-engine.port.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import { grantSecretSchema } from "../grant-secret.ts";

/** Secrets of grants in Secrets Manager. */
export function grantSecretsIn(client: SecretsManagerClient): GrantSecrets {
  return {
    async create(name, credential, token) {
      try {
        const SecretString = JSON.stringify(credential satisfies Credential);
        await client.send(
          new CreateSecretCommand({ Name: name, SecretString, ClientRequestToken: requestTokenOf(token) }),
        );
        return credential.password;
      } catch (error) {
        if (error instanceof ResourceExistsException) return passwordIn(client, name);
        throw unavailable("made", error);
      }
    },
    async delete(name) {
      try {
        await client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw unavailable("deleted", error);
      }
    },
  };
}

/** An earlier attempt made it: its account, if there is one, has that password. */
async function passwordIn(client: SecretsManagerClient, name: string): Promise<string> {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId: name }))
    .catch((error: unknown) => {
      throw unavailable("read", error);
    });
  try {
    return grantSecretSchema.parse(JSON.parse(SecretString ?? "")).password;
  } catch {
    // What was read must not become part of an error, not even as its cause.
    throw new DomainError(
      "unavailable",
      "grant-secret.unreadable",
      "The secret of this grant was altered by hand.",
    );
  }
}

/** Secrets Manager wants 32 to 64 characters. */
function requestTokenOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function unavailable(what: string, error: unknown): DomainError {
  const reason = error instanceof Error ? error.name : "unknown";
  const message = `The secret of this grant cannot be ${what} (${reason}).`;
  return new DomainError("unavailable", "grant-secret.unavailable", message);
}
