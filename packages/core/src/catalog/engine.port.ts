import type { ServerConnections } from "./connection-room.ts";
import type { Instance } from "./instance.ts";

/** Where a server is and who administers it. Exists in the data plane only, for the time of one call. */
export type ServerTarget = {
  server: { host: string; port: number; tls: Instance["tls"]; ca?: string };
  /** MySQL and MariaDB: where administrators get in even if all other connections are in use. */
  administration?: { host: string; port: number };
  administrator: { username: string; password: string };
  maintenanceDatabase: string;
  stack: string;
};

export type Preflight = {
  version: string;
  checks: readonly {
    id: string;
    status: "ok" | "missing" | "warning";
    sentence: string;
    /** `database` null: in any database of the server. */
    statements: readonly { database: string | null; sql: string }[];
  }[];
};

export type SchemaRead = {
  schemas: readonly {
    name: string;
    tables: readonly {
      name: string;
      kind: "table" | "partitioned-table" | "view" | "materialized-view" | "foreign-table";
      comment: string | null;
      rowEstimate: number | null;
      columns: readonly {
        name: string;
        type: string;
        nullable: boolean;
        primaryKey: boolean;
        comment: string | null;
      }[];
    }[];
  }[];
};

/** What an inspection asks of a server. Errors carry `kind` and a message that is fit to show: names, no secrets. */
export type InspectionEngine = {
  preflight(target: ServerTarget): Promise<Preflight>;
  connectionRoom(target: ServerTarget): Promise<ServerConnections>;
  listDatabases(target: ServerTarget): Promise<readonly { name: string; acceptsConnections: boolean }[]>;
  readSchema(target: ServerTarget, database: string): Promise<SchemaRead>;
};

export type Engines = { for(instance: Pick<Instance, "engine">): InspectionEngine };
