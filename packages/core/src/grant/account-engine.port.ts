import type { Level, Scope } from "../catalog/catalog.view.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Context } from "../kernel/context.ts";
import type { DeadManSwitch } from "./grant.view.ts";

export type AccountPlan = {
  name: string;
  grantId: string;
  database: string;
  level: Level;
  scope: Scope;
  expiresAtMs: number;
};
export type AccountRef = { name: string; grantId: string; serverId?: number };

export type ProvisionedAccount = { serverId?: number; notGranted: string[]; deadManSwitch: DeadManSwitch };

export type Revocation =
  | { status: "absent"; sessionsEnded: number; keptObjects: string[]; checkedAtMs: number }
  | {
      status: "quarantined";
      reason: "owned-objects" | "permission" | "lock" | "other";
      loginDenied: boolean;
      sessionsLeft: number;
      blockers: string[];
      remedy: string[];
    };

/** What the life cycle needs of one database server, with its administrator's credential already applied.
 * All may be repeated; all throw errors that carry `kind` and a message fit to show. */
export type AccountServer = {
  address: { host: string; port: number };
  provision(plan: AccountPlan, password: string): Promise<ProvisionedAccount>;
  verifyLogin(plan: AccountPlan, password: string): Promise<void>;
  setExpiry(account: AccountRef, expiresAtMs: number): Promise<void>;
  revoke(account: AccountRef): Promise<Revocation>;
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
  accountServer(instance: Instance): Promise<AccountServer>;
  grantSecrets: GrantSecrets;
  /** At least 128 bits, of characters that need no quoting anywhere. */
  newPassword(): string;
  random(): number;
};
