import { identifier, list, qualified, sql } from "./quote.ts";

/** Kinds of objects that rights are given on. */
export type RightsClass = "table" | "sequence" | "schema" | "database";

export type RightsChange = {
  class: RightsClass;
  privileges: readonly string[];
  objects: readonly { schema: string; name: string }[];
};

/** Long lists are cut: each object in a statement costs the server a lock until its end. */
const batchSize = 200;

export function grantStatements(change: RightsChange, group: string): string[] {
  return batches(change).map((on) => sql`GRANT ${list(change.privileges)} ON ${on} TO ${identifier(group)}`);
}

export function revokeStatements(change: RightsChange, group: string): string[] {
  return batches(change).map(
    (on) => sql`REVOKE ${list(change.privileges)} ON ${on} FROM ${identifier(group)}`,
  );
}

function batches(change: RightsChange): string[] {
  const names = change.objects.map((object) =>
    change.class === "table" || change.class === "sequence"
      ? qualified(object.schema, object.name)
      : identifier(object.name),
  );
  const parts: string[] = [];
  for (let start = 0; start < names.length; start += batchSize) {
    parts.push(sql`${change.class.toUpperCase()} ${list(names.slice(start, start + batchSize))}`);
  }
  return parts;
}
