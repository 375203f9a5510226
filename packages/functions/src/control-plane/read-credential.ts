import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { findInstance } from "@daypass/core/catalog/instance.store.ts";
import type { CredentialContext } from "@daypass/core/credential/credential.port.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { conflict } from "@daypass/core/kernel/errors.ts";
import { connectionStrings } from "@daypass/databases/postgres/connection-strings.ts";
import { readGrantSecret } from "../grant-secret.ts";

type Shown = Awaited<ReturnType<CredentialContext["credentials"]["read"]>>;

/** Reads the secret of one grant and writes it out as lines for clients; nothing of it is kept. */
export async function readCredential(
  ctx: Pick<Context, "table">,
  client: SecretsManagerClient,
  grant: Pick<Grant, "secretName" | "database">,
): Promise<Shown> {
  const [secret, instance] = await Promise.all([
    readGrantSecret(client, grant.secretName),
    findInstance(ctx, grant.database.instance.id),
  ]);
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
