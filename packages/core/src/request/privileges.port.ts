import type { DatabaseRef, Level, Scope } from "../catalog/catalog.view.ts";
import type { Context } from "../kernel/context.ts";
import type { PrivilegesView } from "./request.view.ts";

/** What an engine can lend at all. */
export type LendingContext = Context & {
  /** Why it cannot lend that, whatever a policy says; null when it can. `tables` are as many as the database had when its
   * schema was last read. */
  lendingProblem(
    database: DatabaseRef,
    level: Level,
    scope: Scope,
    tables: number | undefined,
  ): string | null;
};

/** What a level means on a database of its engine, as sentences and as the SQL that will run. */
export type PrivilegesContext = LendingContext & {
  privileges(database: DatabaseRef, level: Level, scope: Scope, connectionLimit?: number): PrivilegesView;
};
