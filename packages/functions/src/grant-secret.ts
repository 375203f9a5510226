import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { conflict, DomainError } from "@daypass/core/kernel/errors.ts";
import { z } from "zod";

/** The secret of a grant, in the shape of those that RDS manages, so that other tools read it too. */
export const grantSecretSchema = z.strictObject({
  engine: z.string(),
  host: z.string(),
  port: z.number().int(),
  dbname: z.string(),
  username: z.string(),
  password: z.string().min(1),
});
export type GrantSecret = z.output<typeof grantSecretSchema>;

/** Reads the secret of one grant; nothing of it is kept.
 * @throws DomainError conflict `credential.gone`, `credential.unreadable`; unavailable `credential.unavailable`. */
export async function readGrantSecret(client: SecretsManagerClient, name: string): Promise<GrantSecret> {
  return parse(await valueOf(client, name));
}

async function valueOf(client: SecretsManagerClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } catch (error) {
    // Deletion goes on behind the answer; until it is through, a secret says that it is marked for it.
    if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) {
      throw conflict("credential.gone", "The secret of this access is gone; end the access and ask anew.");
    }
    throw new DomainError(
      "unavailable",
      "credential.unavailable",
      "The secret cannot be read at this moment.",
      {
        cause: error,
      },
    );
  }
}

/** A parser's own message would quote what it could not read. */
function parse(text: string | undefined) {
  try {
    const parsed = grantSecretSchema.safeParse(JSON.parse(text ?? ""));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw conflict(
    "credential.unreadable",
    "The secret of this access was altered; end the access and ask anew.",
  );
}
