import { z } from "zod";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";

export const levels = ["read", "write", "ddl"] as const;
export const levelSchema = z
  .enum(levels)
  .meta({ id: "Level", description: "What the account may do: read, write, ddl" });
export type Level = z.output<typeof levelSchema>;

const objectName = z.string().min(1).max(64);
/** The whole database, or named schemas and tables of it. */
export const scopeSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("database") }),
    z.strictObject({
      kind: z.literal("objects"),
      objects: z
        .array(z.strictObject({ schema: objectName, table: objectName.optional() }))
        .min(1)
        .max(100),
    }),
  ])
  .meta({ id: "Scope" });
export type Scope = z.output<typeof scopeSchema>;

export const engineSchema = z.enum(["postgres", "mysql"]).meta({ id: "Engine" });
export type EngineName = z.output<typeof engineSchema>;

export const environmentView = z
  .strictObject({
    id: idSchema("environment"),
    name: z.string(),
    /** Order of environments, lowest first (dev 10, staging 20, prod 30). */
    rank: z.number().int(),
    protected: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: "Environment" });
export type EnvironmentView = z.output<typeof environmentView>;

export const networkView = z
  .strictObject({ id: idSchema("network"), name: z.string(), version: z.number().int() })
  .meta({ id: "Network" });
export type NetworkView = z.output<typeof networkView>;

export const databaseRefView = z
  .strictObject({
    id: idSchema("database"),
    name: z.string(),
    engine: engineSchema,
    instance: z.strictObject({ id: idSchema("instance"), name: z.string() }),
    environment: z.strictObject({ id: idSchema("environment"), name: z.string(), protected: z.boolean() }),
  })
  .meta({ id: "DatabaseRef" });
export type DatabaseRef = z.output<typeof databaseRefView>;

/** One thing that the connection test looked at. */
export const checkView = z
  .strictObject({
    name: z.string(),
    status: z.enum(["ok", "missing", "warning"]),
    message: z.string(),
    /** What to run on the server, and in which database, to put it right. */
    remedy: z.array(z.strictObject({ database: z.string(), sql: z.string() })),
  })
  .meta({ id: "Check" });
export type CheckView = z.output<typeof checkView>;

export const inspectionView = z
  .strictObject({
    status: z.enum(["never", "running", "done", "failed"]),
    startedAt: instantSchema.nullable(),
    finishedAt: instantSchema.nullable(),
    serverVersion: z.string().nullable(),
    checks: z.array(checkView),
    error: z.string().nullable(),
  })
  .meta({ id: "Inspection", description: "Connection test and reading of the schemas" });
export type InspectionView = z.output<typeof inspectionView>;

export const instanceView = z
  .strictObject({
    id: idSchema("instance"),
    name: z.string(),
    engine: engineSchema,
    environment: environmentView,
    network: networkView,
    /** Name or ARN of the administrator's secret in Secrets Manager (RDS-managed shape). */
    secretName: z.string(),
    /** Where the secret has no address of its own. */
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    /** Patterns with * of the databases that people may ask for; empty = all. */
    databasePatterns: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    tls: z.enum(["verify", "require", "disable"]),
    connectionsPerAccount: z.number().int(),
    /** Percent of the server's connections that all accounts may use together. */
    connectionShare: z.number().int(),
    accountsPerPerson: z.number().int(),
    /** As the last inspection found them; `lendable` is the share of them that accounts may use. */
    connections: z
      .strictObject({ max: z.number().int(), reserved: z.number().int(), lendable: z.number().int() })
      .nullable(),
    databaseCount: z.number().int(),
    liveGrantCount: z.number().int(),
    inspection: inspectionView,
    version: z.number().int(),
  })
  .meta({ id: "Instance" });
export type InstanceView = z.output<typeof instanceView>;

const columnView = z.strictObject({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  primaryKey: z.boolean(),
  comment: z.string().nullable(),
});
export const tableView = z.strictObject({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["table", "view", "materialized view", "partitioned table", "foreign table"]),
  comment: z.string().nullable(),
  rowEstimate: z.number().nullable(),
  columns: z.array(columnView),
});
export type TableView = z.output<typeof tableView>;

/** May the reader ask for this level now, for how long, and who decides; or why not. */
export const askableView = z
  .strictObject({
    level: levelSchema,
    allowed: z.boolean(),
    maxDurationMinutes: z.number().int().nullable(),
    automatic: z.boolean(),
    /** Each step: so many of these. */
    steps: z.array(
      z.strictObject({ count: z.number().int(), users: z.array(z.string()), groups: z.array(z.string()) }),
    ),
    reasons: z.array(z.string()),
  })
  .meta({ id: "Askable" });
export type AskableView = z.output<typeof askableView>;

export const databaseView = z
  .strictObject({
    ...databaseRefView.shape,
    labels: z.record(z.string(), z.string()),
    /** What the reader may ask for, by level. */
    askable: z.array(askableView),
    liveGrantCount: z.number().int(),
    health: z.enum(["unknown", "ok", "attention", "unreachable"]),
    present: z.boolean(),
  })
  .meta({ id: "Database" });
export type DatabaseView = z.output<typeof databaseView>;

/** With the schema as last read; `holders` and `policies` only for those who may see them. */
export const databaseDetailView = z
  .strictObject({
    ...databaseView.shape,
    schemaReadAt: instantSchema.nullable(),
    tables: z.array(tableView),
    holders: z.array(
      z.strictObject({
        grantId: idSchema("grant"),
        name: z.string(),
        level: levelSchema,
        endsAt: instantSchema.nullable(),
      }),
    ),
    policies: z.array(z.strictObject({ id: idSchema("policy"), name: z.string() })),
    recentRequests: z.array(
      z.strictObject({
        id: idSchema("request"),
        requester: z.string(),
        level: levelSchema,
        status: z.string(),
        createdAt: instantSchema,
      }),
    ),
  })
  .meta({ id: "DatabaseDetail" });
export type DatabaseDetailView = z.output<typeof databaseDetailView>;
