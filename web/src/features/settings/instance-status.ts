import type { InstanceView } from "../../lib/api.ts";

export type InstanceStatus = "never" | "running" | "failed" | "done" | "attention";

/** What the last connection test says of an instance in one word. */
export function instanceStatus({ status, checks }: InstanceView["inspection"]): InstanceStatus {
  if (status !== "done") return status;
  return checks.some((check) => check.status === "missing") ? "attention" : "done";
}

/** Statements of all checks that miss something, one block a database, in the order of the checks. */
export function remedies(checks: InstanceView["inspection"]["checks"]): { database: string; sql: string }[] {
  const byDatabase = new Map<string, string[]>();
  for (const { database, sql } of checks.flatMap((check) => check.remedy)) {
    const statements = byDatabase.get(database) ?? [];
    if (!statements.includes(sql)) statements.push(sql);
    byDatabase.set(database, statements);
  }
  return [...byDatabase].map(([database, statements]) => ({ database, sql: statements.join("\n") }));
}
