import type { Level, ManualStatement } from "../engine.ts";
import { identifier, integer, list, literal, sql } from "./quote.ts";

/** A step that makes a stock server ready; `as` says who may run it. */
export type InstallStep = ManualStatement & { as: "superuser" | "database owner"; purpose: string };

export type InstallDatabase = {
  name: string;
  /** The role that owns the tables, and the database itself where `databaseOwner` is not given. */
  owner: string;
  databaseOwner?: string;
  schemas: readonly string[];
  level: Level;
};

/**
 * Every statement that makes `administrator` (a login of its own, not a superuser) able to lend accounts of the given
 * levels on the given databases, in order. On a cloud's server the master user stands for the superuser.
 */
export function installStatements(options: {
  administrator: string;
  databases: readonly InstallDatabase[];
  /** From 16 on a server can keep connections for those who end access; 15 has no such role. */
  majorVersion?: number;
}): InstallStep[] {
  const { administrator, databases, majorVersion = 15 } = options;
  return [
    {
      database: null,
      as: "superuser",
      purpose: "the administrator's login; set its password with \\password, so that no log holds it",
      sql: createAdministrator(administrator),
    },
    {
      database: null,
      as: "superuser",
      purpose: "to end the sessions of an account whose time is over",
      sql: grantSignalBackend(administrator),
    },
    ...(majorVersion >= 16
      ? [
          {
            database: null,
            as: "superuser" as const,
            purpose:
              "to log in on a server whose connections are all in use, as far as reserved_connections goes",
            sql: grantReservedConnections(administrator),
          },
        ]
      : []),
    ...databases.flatMap((database) => databaseSteps(administrator, database)),
  ];
}

export function createAdministrator(administrator: string): string {
  return sql`CREATE ROLE ${identifier(administrator)} LOGIN CREATEROLE NOSUPERUSER NOCREATEDB NOREPLICATION NOBYPASSRLS;`;
}

export function grantCreateRole(administrator: string): string {
  return sql`ALTER ROLE ${identifier(administrator)} CREATEROLE;`;
}

export function grantSignalBackend(administrator: string): string {
  return sql`GRANT pg_signal_backend TO ${identifier(administrator)};`;
}

export function grantReservedConnections(administrator: string): string {
  return sql`GRANT pg_use_reserved_connections TO ${identifier(administrator)};`;
}

/** Takes a restart. A broker has at most two sessions for each of its connection slots. */
export function reserveConnections(): string {
  return sql`ALTER SYSTEM SET reserved_connections = ${integer(8)};`;
}

export function shortenLoginWait(seconds: number): string[] {
  return [
    sql`ALTER SYSTEM SET authentication_timeout = ${literal(`${integer(seconds)}s`)};`,
    "SELECT pg_reload_conf();",
  ];
}

/** PUBLIC loses what every account would else have: connecting, temporary tables; the owner's roles keep theirs. */
export function closeDatabase(database: string, keep: readonly string[], administrator: string): string[] {
  const name = identifier(database);
  return [
    sql`GRANT CONNECT ON DATABASE ${name} TO ${identifier(administrator)} WITH GRANT OPTION;`,
    ...(keep.length > 0
      ? [sql`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${list(keep.map(identifier))};`]
      : []),
    sql`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC;`,
  ];
}

export function closeSchema(schema: string): string {
  return sql`REVOKE CREATE ON SCHEMA ${identifier(schema)} FROM PUBLIC;`;
}

/** The rights that the administrator passes on, for what exists and for what the owner will make later. */
export function grantSchemaRights(
  administrator: string,
  owner: string,
  schema: string,
  level: Level,
): string[] {
  const to = sql`TO ${identifier(administrator)} WITH GRANT OPTION`;
  const inSchema = identifier(schema);
  const later = sql`ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(owner)} IN SCHEMA ${inSchema}`;
  const tables = level === "read" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE";
  const statements = [
    sql`GRANT ${level === "ddl" ? "USAGE, CREATE" : "USAGE"} ON SCHEMA ${inSchema} ${to};`,
    sql`GRANT ${tables} ON ALL TABLES IN SCHEMA ${inSchema} ${to};`,
    sql`${later} GRANT ${tables} ON TABLES ${to};`,
  ];
  if (level === "read") return statements;
  return [
    ...statements,
    sql`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${inSchema} ${to};`,
    sql`${later} GRANT USAGE ON SEQUENCES ${to};`,
  ];
}

/** Anybody may store large objects unless this is taken from them; only a superuser can. */
export function closeLargeObjects(): string[] {
  return ["lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)"].map(
    (signature) => sql`REVOKE EXECUTE ON FUNCTION pg_catalog.${signature} FROM PUBLIC;`,
  );
}

/** For roles that another administrator of this stack made: from 16 on only their maker may give them on. */
export function grantAdminOption(role: string, administrator: string): string {
  return sql`GRANT ${identifier(role)} TO ${identifier(administrator)} WITH ADMIN OPTION;`;
}

export function closeFunction(signature: string): string {
  return sql`REVOKE EXECUTE ON FUNCTION ${signature} FROM PUBLIC;`;
}

function databaseSteps(administrator: string, database: InstallDatabase): InstallStep[] {
  const on = { database: database.name, as: "database owner" as const };
  const keep = [...new Set([database.owner, database.databaseOwner ?? database.owner])];
  return [
    ...closeDatabase(database.name, keep, administrator).map((text) => ({
      ...on,
      purpose: "no account comes into this database, or makes temporary tables in it, just because it exists",
      sql: text,
    })),
    ...database.schemas.flatMap((schema) => [
      { ...on, purpose: "no account creates objects here just because it exists", sql: closeSchema(schema) },
      ...grantSchemaRights(administrator, database.owner, schema, database.level).map((text) => ({
        ...on,
        purpose: `what the administrator may lend in schema ${schema}`,
        sql: text,
      })),
    ]),
  ];
}
