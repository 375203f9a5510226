import type { EngineName } from "../guarantee.ts";

/** A session of somebody with the server; `isOpen` turns false when the server ends it. */
export type OpenSession = {
  run(statement: string): Promise<unknown>;
  isOpen(): boolean;
  close(): Promise<void>;
};

/** An account as its server knows it: by name, and where the server has one, by a number that a new name leaves alone. */
export type AccountOnServer = { name: string; serverId?: number | undefined };

/** A real server of its own with a database of an application, and `payroll` beside it, made ready for an administrator who is no
 * superuser. What is not the broker's to do is done as the server's superuser. */
export type DatabaseServer = {
  engine: EngineName;
  version: string;
  /** The database that accounts are made for. */
  database: string;
  /** The administrator's secret, as RDS writes it. */
  secret(): Record<string, string | number>;
  stop(): Promise<void>;
  start(): Promise<void>;
  byHand(database: string, ...statements: string[]): Promise<Record<string, unknown>[]>;
  /** Rejects when the server could not be asked: it is away, or has no connection left. */
  login(name: string, password: string, database?: string): Promise<OpenSession | "refused">;
  hasAccount(account: AccountOnServer): Promise<boolean>;
  countSessions(account: AccountOnServer): Promise<number>;
  /** What of the account is left on the server, in words; nothing after a revocation. */
  leftovers(account: AccountOnServer): Promise<string[]>;
  /** Takes the server's own switch away from an account: it would live for ever. */
  withoutSwitch(account: AccountOnServer): Promise<void>;
  /** Gives the administrator a new password; `secret` tells the new one from then on. */
  rotate(): Promise<void>;
  /** Takes away the administrator's right to change accounts, and gives it back. */
  withdrawRights(): Promise<void>;
  restoreRights(): Promise<void>;
  /** Takes all connections that are left; resolves to what gives them back. */
  exhaust(): Promise<() => Promise<void>>;
  /** Keeps the server's files as they are now; resolves to what puts them back, with the server running. */
  snapshot(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
};
