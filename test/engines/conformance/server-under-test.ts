import type { AccountPlan, Engine, Level, Login, Scope, Target } from "@daypass/databases/engine.ts";
import type { Named } from "./names.suite.ts";

/** A session of anybody, in what all engines share. */
export type Client = {
  run(sql: string): Promise<Record<string, unknown>[]>;
  end(): Promise<void>;
};

/** Why a server said no: to the login, to what was asked, or because the session is over. */
export type Refusal = "login" | "right" | "ended" | "other";

/**
 * A real server as the conformance suite needs it: made ready by the statements that the product prints, worked on by
 * an administrator like the one of RDS. In its database `shop` are `customers` (id, email, note) and `orders`
 * (id, customer_id, total) with 100 rows each; in `payroll` are `salaries`.
 */
export type ServerUnderTest = {
  engine: Engine;
  target: Target;
  /** The same server for another installation. */
  otherTarget: Target;
  words: Words;
  /** A plan with a fresh account and grant, for one hour of `read` on the whole shop unless said otherwise. */
  plan: (changes?: Partial<AccountPlan>) => AccountPlan;
  connect: (login: Login, database: string) => Promise<Client>;
  /** Runs in `shop` as who may do everything: what people do by hand. */
  byHand: (...statements: string[]) => Promise<Record<string, unknown>[]>;
  /** Makes a database with a table `things` and one row, and lets the administrator lend it. */
  makeDatabase: (name: string) => Promise<void>;
  /** What this engine takes as names, and nobody expects. */
  hostileNames: readonly string[];
  /** Makes a database with `table` (one row, 1), a table `beside`, and what else there is names for; answers the names
   * as they became. */
  makeNamed: (named: Named) => Promise<Named>;
  /** Removes what accounts left there, and brings the row back. */
  restoreNamed: (named: Named) => Promise<void>;
  dropNamed: (named: Named) => Promise<void>;
  refusalOf: (error: unknown) => Refusal;
  /** What is left of an account, by the server's own catalogue: logins of that name, sessions, rights. */
  leftOf: (account: { name: string; serverId: number }) => Promise<Record<string, unknown>>;
  /** Everything the server logged so far; it logs every statement. */
  log: () => string;
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** Restarts with this certificate. */
  encrypt: (certificateFile: string, keyFile: string) => Promise<void>;
  remove: () => Promise<void>;
};

/** What each engine says in its own way. */
export type Words = {
  name: string;
  /** How long after the end the server alone may still let somebody in. */
  closesWithinMs: number;
  /** An account that was made through an encrypted connection is refused without one; else the server's own settings
   * decide on that for everybody. */
  keepsAccountsEncrypted: boolean;
  /** The schema of the tables of a database. */
  schemaOf(database: string): string;
  quote(name: string): string;
  /** The scope in which level ddl can create and change these tables of `shop`: all of it, or these alone. */
  scopeOfDdl(...tables: string[]): Scope;

  /** The tables that level ddl is lent on in a database of `makeNamed`; undefined where it is lent on schemas. */
  ddlTables(named: Named): string[] | undefined;
  /** What an account of level ddl does there: creates, changes, shares. */
  leaveBehind(named: Named): string[];
  /** Makes the statements that follow by hand the application's, who owns its tables. */
  asApplication: string[];
  sleep: string;
  setOwnPassword(password: string): string;
  createStranger(name: string): string[];
  dropByHand(name: string): string[];
  renameByHand(from: string, to: string): string[];
  /** Rights that no grant of ours gives, given to an account by hand. */
  widenByHand(name: string): string[];
  /** Takes from the administrator, and gives back, what it needs to deny a login. */
  disarm: string[];
  arm: string[];
  /** What no level may do, whatever its scope. */
  neverAllowed: string[];
  /** Names of accounts that are nearly ours, which the server takes. */
  similarTo(name: string): string[];
};

export type Start = (options?: { connectionSlots?: number }) => Promise<ServerUnderTest>;

export const levels: readonly Level[] = ["read", "write", "ddl"];

export function tableScope(server: ServerUnderTest, database: string, ...tables: string[]): Scope {
  const schema = server.words.schemaOf(database);
  return { kind: "objects", objects: tables.map((table) => ({ schema, table })) };
}
