import type { EventDatabase } from "../kernel/event.ts";
import type { DatabaseRef } from "./catalog.view.ts";

/** How the audit trail names a database. */
export function eventDatabase({ id, name, instance, environment }: DatabaseRef): EventDatabase {
  return { id, name, instance: instance.name, environment: environment.name };
}
