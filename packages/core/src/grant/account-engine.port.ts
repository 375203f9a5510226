import type { Level, Scope } from "../catalog/catalog.view.ts";
import type { ServerConnections } from "../catalog/connection-room.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { DeadManSwitch } from "./grant.view.ts";

export type AccountPlan = {
  name: string;
  grantId: string;
  database: string;
  level: Level;
  scope: Scope;
  expiresAtMs: number;
  connectionLimit?: number;
};
export type AccountRef = { name: string; grantId: string; serverId?: number };

export type ProvisionedAccount = { serverId?: number; notGranted: string[]; deadManSwitch: DeadManSwitch };

export type Revocation =
  | { status: "absent"; sessionsEnded: number; keptObjects: string[]; checkedAtMs: number }
  | {
      status: "quarantined";
      reason: "owned-objects" | "permission" | "lock" | "capacity" | "other";
      loginDenied: boolean;
      sessionsLeft: number;
      blockers: string[];
      remedy: string[];
    };

/** An account that is ours by its name and its marker, as its server shows it. */
export type FoundAccount = {
  name: string;
  /** As its marker says; null where the marker is that of the name alone. */
  grantId: string | null;
  serverId?: number;
  /** When the server refuses its logins; null when it does not. */
  validUntilMs: number | null;
  canLogin: boolean;
  sessions: number;
  /** Sentences about what provision did not give it. */
  extraRights: readonly string[];
  /** Statements for a person that end `extraRights`, where they are known. */
  remedy?: readonly string[];
  /** Set when a person renamed it. */
  renamedFrom?: string;
};

/** What the life cycle needs of one database server, with its administrator's credential already applied. Whoever opens
 * it closes it. All may be repeated; all throw errors that carry `kind` and a message fit to show. */
export type AccountServer = {
  address: { host: string; port: number };
  /** What tells it from every other server, wherever it moves; null where it does not tell. */
  identity(): Promise<string | null>;
  /** How many connections it takes, and how many the accounts on it may use, except for the account of that name. */
  connectionRoom(except: string): Promise<ServerConnections & { lent: number }>;
  provision(plan: AccountPlan, password: string): Promise<ProvisionedAccount>;
  verifyLogin(plan: AccountPlan, password: string): Promise<void>;
  setExpiry(account: AccountRef, expiresAtMs: number): Promise<void>;
  revoke(account: AccountRef): Promise<Revocation>;
  /** All accounts that are ours, of whatever grant. */
  listAccounts(): Promise<readonly FoundAccount[]>;
  /** True only when nothing has the name, ours or not. */
  isAbsent(name: string): Promise<boolean>;
  /** The quarantine step alone: no login, no rights, no session. */
  denyLogin(account: AccountRef): Promise<{ sessionsEnded: number }>;
  /** Ends the administrator's sessions, which the calls share. */
  close(): Promise<void>;
};

/** The secret of a grant: made once, read again by a repeated provisioning, deleted without recovery. */
export type GrantSecrets = {
  /** Returns the password that is in the secret: the one given, or that of an earlier attempt. */
  create(name: string, credential: Credential, token: string): Promise<string>;
  delete(name: string): Promise<void>;
};
export type Credential = {
  engine: string;
  host: string;
  port: number;
  dbname: string;
  username: string;
  password: string;
};

/** The data plane: only here administrators' secrets can be read. */
export type BrokerContext = Context & {
  /** Where its secret points now; with `address`, another server by the same credential. */
  accountServer(instance: Instance, address?: AccountServer["address"]): Promise<AccountServer>;
  grantSecrets: GrantSecrets;
  /** At least 128 bits, of characters that need no quoting anywhere. */
  newPassword(): string;
  random(): number;
  limits: {
    /** How many sessions Daypass may have open with one server, whichever broker opens them. */
    connectionsPerInstance: number;
    /** When this invocation is stopped, whatever it does then. */
    endsAt: Instant;
  };
};
