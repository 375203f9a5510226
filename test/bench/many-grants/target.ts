import type { Grant } from "@daypass/core/grant/grant.ts";

export type TargetName = "postgres" | "mysql";

/** A real server with an administrator who is no superuser, and what a benchmark does to it by hand. */
export type BenchTarget = {
  engine: TargetName;
  /** In the shape that RDS writes. */
  secret: { username: string; password: string; engine: string; host: string; port: number; dbname?: string };
  database: string;
  /** Of the server's first process. */
  pid: number;
  /** What the ledger keeps of the server: its accounts count as gone only there. */
  identity: string | null;
  /** Makes the accounts of these grants by the statements of the engine, in bulk; what the ledger keeps of each. */
  makeAccounts(grants: readonly Grant[], password: string): Promise<Map<string, Partial<Grant>>>;
  /** Tells the server the ends. */
  setEnds(ends: ReadonlyMap<string, number>): Promise<void>;
  /** Sessions that the administrator has open now. */
  connections(): Promise<number>;
  /** Names of those accounts that are still there. */
  left(): Promise<Set<string>>;
  /** Whether this account is let in. */
  tryLogin(username: string, password: string): Promise<boolean>;
  close(): Promise<void>;
};
