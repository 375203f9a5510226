import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { findInstance } from "@daypass/core/catalog/instance.store.ts";
import type { CredentialContext } from "@daypass/core/credential/credential.port.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { conflict, DomainError } from "@daypass/core/kernel/errors.ts";
import { connectionStrings } from "@daypass/databases/postgres/connection-strings.ts";
import { grantSecretSchema } from "../grant-secret.ts";

type Shown = Awaited<ReturnType<CredentialContext["credentials"]["read"]>>;

/** Reads the secret of one grant and writes it out as lines for clients; nothing of it is kept. */
export async function readCredential(
  ctx: Pick<Context, "table">,
  client: SecretsManagerClient,
  grant: Pick<Grant, "secretName" | "database">,
): Promise<Shown> {
  const [text, instance] = await Promise.all([
    valueOf(client, grant.secretName),
    findInstance(ctx, grant.database.instance.id),
  ]);
  const secret = parse(text);
  if (!instance) throw conflict("instance.missing", "The instance of this grant is no longer registered.");
  if (secret.engine !== "postgres") {
    throw conflict("credential.engine", "There are no lines for clients of this engine yet.");
  }
  const { host, port, dbname: database, username, password } = secret;
  const lines = connectionStrings({ host, port, tls: instance.tls }, database, { username, password });
  return {
    engine: "postgres",
    host,
    port,
    database,
    username,
    password,
    uri: lines.uri,
    jdbc: lines.jdbc,
    psql: lines.psql,
    environment: lines.envLines,
  };
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
