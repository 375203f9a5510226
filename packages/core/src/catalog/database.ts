import type { Instant } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { matchesGlob } from "../policy/glob.ts";
import type { PolicyTarget } from "../policy/question.ts";
import type { DatabaseRef } from "./catalog.view.ts";
import type { Environment } from "./environment.ts";
import type { Instance } from "./instance.ts";

/** A database as an inspection last found it. */
export type Database = {
  id: Id<"database">;
  instanceId: Id<"instance">;
  name: string;
  /** False when the last inspection did not find it; it keeps its id and its history. */
  present: boolean;
  schemaReadAt?: Instant;
  /** Names the schema snapshot that holds; see schema.store.ts. */
  schemaHash?: string;
};

/** Whether people may ask for it at all: it is there, and the instance offers it. */
export function isOffered(
  database: Pick<Database, "name" | "present">,
  { databasePatterns }: Pick<Instance, "databasePatterns">,
): boolean {
  return database.present && isWanted(database.name, databasePatterns);
}

/** No patterns offer every database. */
export function isWanted(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesGlob(pattern, name));
}

/** A database as everything else names it: the one place where its names are put together. */
export function databaseRef(database: Database, instance: Instance, environment: Environment): DatabaseRef {
  return {
    id: database.id,
    name: database.name,
    engine: instance.engine,
    instance: { id: instance.id, name: instance.name },
    environment: { id: environment.id, name: environment.name, protected: environment.protected },
  };
}

/** What policies select a database by; its labels are those of its instance. */
export function policyTarget(
  database: Pick<Database, "id" | "name">,
  instance: Pick<Instance, "id" | "name" | "labels">,
  environment: Pick<Environment, "id" | "name" | "protected">,
): PolicyTarget {
  return {
    environment: { id: environment.id, name: environment.name },
    instance: { id: instance.id, name: instance.name },
    database: { id: database.id, name: database.name },
    labels: instance.labels,
    protected: environment.protected,
  };
}
