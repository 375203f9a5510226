import type { DatabaseView } from "../../lib/api.ts";

export type EnvironmentGroup = { environment: DatabaseView["environment"]; databases: DatabaseView[] };

/** Databases under their environments, both in the order in which the server gave them. */
export function byEnvironment(databases: readonly DatabaseView[]): EnvironmentGroup[] {
  const groups = new Map<string, EnvironmentGroup>();
  for (const database of databases) {
    const { environment } = database;
    const group = groups.get(environment.id) ?? { environment, databases: [] };
    group.databases.push(database);
    groups.set(environment.id, group);
  }
  return [...groups.values()];
}
