import type { Dialect } from "./dialect.ts";
import { matchesPattern } from "./names.ts";
import type { Grant } from "./show-grants.ts";

/** What is held on all of the server. */
export function serverRights(grants: readonly Grant[]): Set<string> {
  return new Set(grants.filter(({ object }) => object === "*.*").flatMap((one) => one.privileges));
}

/** What is held on all of one database, by whatever grant reaches it. */
export function rightsOn(
  grants: readonly Grant[],
  database: string,
  { plainDatabaseNames }: Pick<Dialect, "plainDatabaseNames">,
): Set<string> {
  const here = grants.filter(({ object }) => {
    if (object === "*.*") return true;
    const [, pattern] = /^`((?:[^`]|``)*)`\.\*$/s.exec(object) ?? [];
    if (pattern === undefined) return false;
    const name = pattern.replaceAll("``", "`");
    return plainDatabaseNames ? name === database : matchesPattern(name, database);
  });
  return new Set(here.flatMap((one) => one.privileges));
}

export function has(held: ReadonlySet<string>, right: string): boolean {
  return held.has(right) || held.has("ALL PRIVILEGES");
}
