import type { Target } from "./catalog.store.ts";

/** By environment, lowest first, then by instance, then by name. */
export function inOrder(one: Target, other: Target): number {
  return (
    one.environment.rank - other.environment.rank ||
    one.environment.name.localeCompare(other.environment.name, "en") ||
    one.instance.name.localeCompare(other.instance.name, "en") ||
    one.database.name.localeCompare(other.database.name, "en") ||
    (one.database.id < other.database.id ? -1 : 1)
  );
}
