import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { findInspection } from "@daypass/core/catalog/inspection.store.ts";
import { findInstance } from "@daypass/core/catalog/instance.store.ts";
import type { CredentialContext } from "@daypass/core/credential/credential.port.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { conflict } from "@daypass/core/kernel/errors.ts";
import { connectionStrings as mysqlStrings } from "@daypass/databases/mysql/connection-strings.ts";
import { connectionStrings as postgresStrings } from "@daypass/databases/postgres/connection-strings.ts";
import { readGrantSecret } from "../grant-secret.ts";

type Shown = Awaited<ReturnType<CredentialContext["credentials"]["read"]>>;

/** Reads the secret of one grant and writes it out as lines for clients; nothing of it is kept. */
export async function readCredential(
  ctx: Pick<Context, "table">,
  client: SecretsManagerClient,
  grant: Pick<Grant, "secretName" | "database">,
): Promise<Shown> {
  const [secret, instance, inspection] = await Promise.all([
    readGrantSecret(client, grant.secretName),
    findInstance(ctx, grant.database.instance.id),
    findInspection(ctx, grant.database.instance.id),
  ]);
  if (!instance) throw conflict("instance.missing", "The instance of this grant is no longer registered.");
  const { engine } = grant.database;
  if (secret.engine !== engine) {
    throw conflict(
      "credential.engine",
      "The secret of this access was altered; end the access and ask anew.",
    );
  }
  const { host, port, dbname: database, username, password } = secret;
  const where = { engine, host, port, database, username, password };
  const server = { host, port, tls: instance.tls };
  if (engine === "postgres") {
    const lines = postgresStrings(server, database, { username, password });
    return { ...where, uri: lines.uri, jdbc: lines.jdbc, psql: lines.psql, environment: lines.envLines };
  }
  const flavour = /mariadb/i.test(inspection?.serverVersion ?? "") ? "mariadb" : "mysql";
  const lines = mysqlStrings(server, database, { username, password }, { flavour });
  return { ...where, uri: lines.uri, jdbc: lines.jdbc, psql: lines.client, environment: lines.envLines };
}
