import type { DatabaseRef, Level, Scope } from "../catalog/catalog.view.ts";
import type { Context } from "../kernel/context.ts";
import type { PrivilegesView } from "./request.view.ts";

/** What a level means on a database of its engine, as sentences and as the SQL that will run. */
export type PrivilegesContext = Context & {
  privileges(database: DatabaseRef, level: Level, scope: Scope): PrivilegesView;
};
