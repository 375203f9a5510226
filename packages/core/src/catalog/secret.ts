import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { DomainError, invalid } from "../kernel/errors.ts";
import type { EngineName } from "./catalog.view.ts";
import type { ServerTarget } from "./engine.port.ts";
import type { Instance } from "./instance.ts";

/** The data plane: only here can administrators' secrets be read. */
export type AdministratorReads = { secretsManager: SecretsManagerClient; settings: { stack: string } };

/** An administrator's secret in the shape that RDS writes; the other fields of RDS (`dbInstanceIdentifier`,
 * `masterarn`…) are of no use here and are dropped. Those that RDS manages itself hold `username` and `password` alone. */
const administratorSecret = z.object({
  username: z.string().min(1).max(128),
  password: z.string().min(1).max(4096),
  engine: z.string().min(1).max(64).optional(),
  host: z.string().min(1).max(255).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  dbname: z.string().min(1).max(64).optional(),
  /** MySQL's admin_port or MariaDB's extra_port, and its address where that is another one. */
  administrationHost: z.string().min(1).max(255).optional(),
  administrationPort: z.coerce.number().int().min(1).max(65_535).optional(),
});

/** How to reach the instance as its administrator. The result is used and dropped, never kept or logged.
 * @throws DomainError invalid `secret.missing`, `secret.unreadable`, `secret.engine`, `secret.host`; unavailable `secret.unavailable`. */
export async function administratorTarget(
  ctx: AdministratorReads,
  instance: Pick<Instance, "secretName" | "engine" | "tls" | "host" | "port">,
): Promise<ServerTarget> {
  const { secretName } = instance;
  const secret = parse(await valueOf(ctx.secretsManager, secretName), secretName);
  if (secret.engine !== undefined && engineOf(secret.engine) !== instance.engine) {
    throw invalid(
      "secret.engine",
      `The secret "${secretName}" is for the engine "${secret.engine.slice(0, 64)}", the instance is ${instance.engine}.`,
    );
  }
  const address = addressOf(secret, instance);
  const { administrationHost = address.host, administrationPort: port } = secret;
  return {
    server: { ...address, tls: instance.tls },
    ...(port === undefined || instance.engine === "postgres"
      ? {}
      : { administration: { host: administrationHost, port } }),
    administrator: { username: secret.username, password: secret.password },
    // MySQL's administrator works in no database.
    maintenanceDatabase: instance.engine === "postgres" ? (secret.dbname ?? "postgres") : "",
    stack: ctx.settings.stack,
  };
}

/** The secret's own address, whole: who wrote the password said where it is meant for. Else the instance's. */
function addressOf(
  secret: z.output<typeof administratorSecret>,
  { secretName, engine, host, port }: Pick<Instance, "secretName" | "engine" | "host" | "port">,
): { host: string; port: number } {
  const usual = engine === "postgres" ? 5432 : 3306;
  if (secret.host !== undefined) return { host: secret.host, port: secret.port ?? usual };
  if (host) return { host, port: secret.port ?? port ?? usual };
  throw invalid(
    "secret.host",
    `The secret "${secretName}" does not say where the server is, as those that RDS manages; give the instance its host.`,
  );
}

async function valueOf(client: SecretsManagerClient, secretName: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      throw invalid("secret.missing", `There is no secret named "${secretName}" in Secrets Manager.`);
    }
    const reason = error instanceof Error ? error.name : "unknown error";
    throw new DomainError(
      "unavailable",
      "secret.unavailable",
      `The secret "${secretName}" cannot be read (${reason}); may the broker read it?`,
      { cause: error },
    );
  }
  throw invalid("secret.unreadable", `The secret "${secretName}" is binary; it must be JSON.`);
}

/** Errors name fields and never quote what is in them; a parser's own message would. */
function parse(text: string, secretName: string): z.output<typeof administratorSecret> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid("secret.unreadable", `The secret "${secretName}" is not JSON.`);
  }
  const parsed = administratorSecret.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join(".")))].filter(
    (field) => field !== "",
  );
  throw invalid(
    "secret.unreadable",
    fields.length === 0
      ? `The secret "${secretName}" is not a JSON object.`
      : `The secret "${secretName}" lacks a usable ${fields.join(", ")}.`,
    { fields },
  );
}

/** RDS says aurora-postgresql, mariadb and so on. */
function engineOf(name: string): EngineName | undefined {
  if (/postgres/i.test(name)) return "postgres";
  return /mysql|mariadb/i.test(name) ? "mysql" : undefined;
}
