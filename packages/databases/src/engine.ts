import type { Sessions } from "./sessions.ts";

/** What a temporary account may do: `read` rows, `write` rows, or (`ddl`) write rows and create objects of its own. */
export type Level = "read" | "write" | "ddl";

export type ScopeObject = { schema: string; table?: string };

/** The whole database, or named schemas and tables (an object without a table is the whole schema). */
export type Scope = { kind: "database" } | { kind: "objects"; objects: readonly ScopeObject[] };

/** `verify` checks the certificate and the host name, `require` only encrypts. `ca` is PEM text. */
export type Server = { host: string; port: number; tls: "verify" | "require" | "disable"; ca?: string };

export type Login = { username: string; password: string };

/** `stack` is a short id in every marker, so that two installations on one server never touch each other's accounts.
 * With `sessions` the calls of an engine share them; see sessions.ts. */
export type Target = {
  server: Server;
  /** Where administrators get in apart from everybody else: MySQL's admin_port, MariaDB's extra_port. */
  administration?: { host: string; port: number };
  administrator: Login;
  maintenanceDatabase: string;
  stack: string;
  sessions?: Sessions;
};

/** Times are epoch milliseconds; `expiresAtMs` is the exact instant after which the server refuses a login. */
export type AccountPlan = {
  name: string;
  grantId: string;
  database: string;
  level: Level;
  scope: Scope;
  expiresAtMs: number;
  connectionLimit?: number;
  statementTimeoutMs?: number;
  idleInTransactionTimeoutMs?: number;
};

/** `serverId` is what provision returned; with it, sessions of an account that was dropped by hand are found too. */
export type AccountRef = { name: string; grantId: string; serverId?: number };

/**
 * What the server does at the end by itself, with all of ours switched off: it refuses logins (`login`), or it ends the
 * sessions and drops the account as well (`drop`), or nothing.
 */
export type DeadManSwitch = "login" | "drop" | "none";

/** `notGranted` lists objects in scope on which the administrator cannot give the level's rights. */
export type Provisioned = {
  serverId: number;
  groups: string[];
  notGranted: string[];
  deadManSwitch: DeadManSwitch;
};

export type RevokeStep =
  | { step: "login-denied" }
  | { step: "sessions-ended"; sessions: number }
  | { step: "database-cleaned"; database: string }
  | { step: "dropped" };

export type RevokeProgress = (step: RevokeStep) => void | Promise<void>;

/** `capacity`: the server has no room for so many changes at once, such as in its table of locks. */
export type QuarantineReason = "owned-objects" | "permission" | "lock" | "capacity" | "other";

/**
 * `absent` is said only after a query of its own found no such account and none of its sessions.
 * `quarantined` says how far it came: `loginDenied` and `sessionsLeft` are facts that were looked up, not hopes.
 */
export type Revocation =
  | {
      status: "absent";
      sessionsEnded: number;
      databasesVisited: string[];
      keptObjects: string[];
      checkedAtMs: number;
    }
  | {
      status: "quarantined";
      reason: QuarantineReason;
      loginDenied: boolean;
      sessionsLeft: number;
      sessionsEnded: number;
      databasesVisited: string[];
      blockers: string[];
      remedy: string[];
    };

/** A statement for a person to run, and where: `database` null means any database of the server. */
export type ManualStatement = { database: string | null; sql: string };

/** `database` is null for what concerns the whole server. */
export type PreflightCheck = {
  id: string;
  database: string | null;
  status: "ok" | "missing" | "warning";
  sentence: string;
  statements: ManualStatement[];
};

/** `ready`: nothing is missing on the server as a whole. A database is ready when no check of its own is missing. */
export type Preflight = { version: string; majorVersion: number; ready: boolean; checks: PreflightCheck[] };

/**
 * `max` is how many connections the server takes, `reserved` how many of these it keeps for administrators, and `lent`
 * what the limits of all lent accounts come to, those of other installations included.
 */
export type ConnectionRoom = { max: number; reserved: number; lent: number };

export type DatabaseSummary = {
  name: string;
  owner: string;
  comment: string | null;
  sizeBytes: number | null;
  acceptsConnections: boolean;
};

export type ColumnSnapshot = {
  name: string;
  type: string;
  nullable: boolean;
  primaryKey: boolean;
  comment: string | null;
};

export type TableKind = "table" | "partitioned-table" | "view" | "materialized-view" | "foreign-table";

/** `rowEstimate` is the server's own statistic; null when it has none. */
export type TableSnapshot = {
  name: string;
  kind: TableKind;
  comment: string | null;
  rowEstimate: number | null;
  columns: ColumnSnapshot[];
};

export type SchemaSnapshot = { database: string; schemas: { name: string; tables: TableSnapshot[] }[] };

/**
 * An account that carries this stack's marker. `renamedFrom` is set when a person renamed it: such an account is
 * reported and never touched. `extraRights` are sentences about rights that provision did not give.
 */
export type FoundAccount = {
  name: string;
  /** Null where the server has the account with our mark, and no record of its grant. */
  grantId: string | null;
  serverId: number;
  validUntilMs: number | null;
  canLogin: boolean;
  sessions: number;
  memberships: string[];
  extraRights: string[];
  /** Statements for a person that end `extraRights`, where they are known. */
  remedy?: string[];
  renamedFrom?: string;
};

/** Every method opens its own connections and closes them, unless the target brings sessions along; all throw
 * `EngineError`, and may be repeated. */
export interface Engine {
  /**
   * What tells this server from every other, wherever it moves: the same through restarts, failovers and new names.
   * Null when the administrator may not ask or the server has no such thing. A copy restored from a snapshot may share it.
   */
  serverIdentity(target: Target): Promise<string | null>;
  preflight(target: Target): Promise<Preflight>;
  /** The account of the name `except` is left out of what is lent. */
  connectionRoom(target: Target, except?: string): Promise<ConnectionRoom>;
  listDatabases(target: Target): Promise<DatabaseSummary[]>;
  readSchema(target: Target, database: string): Promise<SchemaSnapshot>;
  /** Refuses with `conflict` when the account exists for another grant, is not ours, or was already denied login. */
  provision(target: Target, plan: AccountPlan, password: string): Promise<Provisioned>;
  /** Logs in as the account and proves that it is who it should be and holds its rights. */
  verifyLogin(target: Target, plan: AccountPlan, password: string): Promise<void>;
  setExpiry(target: Target, account: AccountRef, expiresAtMs: number): Promise<void>;
  revoke(target: Target, account: AccountRef, progress?: RevokeProgress): Promise<Revocation>;
  /** True only when no account has the name and none carries its marker under another name. */
  isAbsent(target: Target, name: string): Promise<boolean>;
  listAccounts(target: Target): Promise<FoundAccount[]>;
  /** Denies login, takes the rights away and ends the sessions; drops nothing. */
  denyLogin(target: Target, account: AccountRef): Promise<{ sessionsEnded: number }>;
}

export type EngineErrorKind =
  | "unreachable"
  | "authentication"
  | "permission"
  | "conflict"
  | "capacity"
  | "invalid"
  | "other";

/** The message names servers, databases and accounts, never a password; `remedy` are statements for a person to run. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;
  readonly remedy: readonly string[];

  constructor(
    kind: EngineErrorKind,
    message: string,
    options: { cause?: unknown; remedy?: readonly string[] } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "EngineError";
    this.kind = kind;
    this.remedy = options.remedy ?? [];
  }
}
