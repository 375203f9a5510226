import { z } from "zod";
import type { Id } from "../kernel/ids.ts";
import { idSchema } from "../kernel/ids.ts";
import { type EngineName, engineSchema, type InstanceView } from "./catalog.view.ts";
import { defaultConnectionSettings as usual } from "./connection-room.ts";
import { nameSchema } from "./environment.ts";

/** A server or cluster. Who administers it is in Secrets Manager; here is only the secret's name. */
export type Instance = {
  id: Id<"instance">;
  name: string;
  engine: EngineName;
  environmentId: Id<"environment">;
  networkId: Id<"network">;
  secretName: string;
  /** Where the server is, for secrets that RDS manages: they hold a name and a password and nothing else. */
  host?: string | null;
  port?: number | null;
  databasePatterns: readonly string[];
  labels: Readonly<Record<string, string>>;
  tls: InstanceView["tls"];
  /** How many connections each account may have; in connection-room.ts what stands for a record without it. */
  connectionsPerAccount?: number;
  /** Percent of the server's connections that all accounts may use together. */
  connectionShare?: number;
  /** How many accounts one person may hold on the server. */
  accountsPerPerson?: number;
  version: number;
};

/** Characters that Secrets Manager allows in a name (1 to 512 of them), or the ARN of a secret. */
const secretName = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const secretArn = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}$/;
/** RDS names the secrets that it manages rds!cluster-… or rds!db-…. */
const managedSecretName = /^rds![A-Za-z0-9/_+=.@-]{1,500}$/;

export const secretNameSchema = z
  .string()
  .min(1)
  .max(2048)
  .refine((text) => [secretName, secretArn, managedSecretName].some((pattern) => pattern.test(text)), {
    message: "is neither the name nor the ARN of a secret in Secrets Manager",
  })
  .meta({
    description: "Name or ARN of the administrator's secret",
    example: "shop/production/administrator",
  });

/** As policies compare them: `key=value`. */
const labelKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/, "is not a label's name");
const labelValue = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, "has invisible characters");

/** Only RDS makes secrets without an address. Any other host here would let an administrator of Daypass send a
 * credential that is not theirs to read to a server of their own. */
const rdsHost = z
  .string()
  .max(255)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){2,}rds\.amazonaws\.com(?:\.cn)?$/, {
    message: "must be the endpoint of an RDS instance or cluster, in lower case",
  })
  .meta({
    description: "Address of the server, where its secret has none, as secrets that RDS manages",
    example: "shop.cluster-abc123.eu-west-1.rds.amazonaws.com",
  });

export const instanceFields = {
  name: nameSchema,
  engine: engineSchema,
  environmentId: idSchema("environment"),
  networkId: idSchema("network"),
  secretName: secretNameSchema,
  host: rdsHost.nullable().default(null),
  port: z.int().min(1).max(65_535).nullable().default(null),
  databasePatterns: z
    .array(z.string().min(1).max(64))
    .max(50)
    .default([])
    .meta({ description: "Databases that people may ask for, * for any text; none = all" }),
  labels: z
    .record(labelKey, labelValue)
    .refine((labels) => Object.keys(labels).length <= 20, "has more than 20 labels")
    .default({}),
  tls: z
    .enum(["verify", "require", "disable"])
    .default("verify")
    .meta({ description: "verify = certificate and host name" }),
  connectionsPerAccount: z
    .int()
    .min(1)
    .max(100)
    .default(usual.connectionsPerAccount)
    .meta({ description: "Connections that one account may have at once" }),
  connectionShare: z
    .int()
    .min(1)
    .max(90)
    .default(usual.connectionShare)
    .meta({ description: "Percent of the server's connections that all accounts may use together" }),
  accountsPerPerson: z
    .int()
    .min(1)
    .max(50)
    .default(usual.accountsPerPerson)
    .meta({ description: "Accounts that one person may hold on this server" }),
};
