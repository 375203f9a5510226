import { createHash } from "node:crypto";
import { isAccountName, isGrantId, isStack } from "../account-name.ts";
import type { Level } from "../engine.ts";

export { accountNamePattern, isAccountName, isGrantId, isStack } from "../account-name.ts";

/** What a group role gives: rows to read, rows to write, or the right to create objects and nothing else. */
export type GroupRight = "read" | "write" | "create";

/** A database by what PostgreSQL numbers, since its name can be given to another one: the cluster (null when it cannot
 * be read) and the OID in it. */
export type DatabaseIdentity = { cluster: string | null; oid: number };

/** What a scope named at the moment when it was looked up, by OID; `table` is null for a whole schema. */
export type ScopeIdentity =
  | { kind: "database" }
  | { kind: "objects"; objects: readonly { schema: number; table: number | null }[] };

/** `home` is the database that a group gives rights in; null for groups of earlier versions, which went by its name. */
export type Marker =
  | { kind: "account"; stack: string; grantId: string; account: string }
  | { kind: "group"; stack: string; right: GroupRight; home: DatabaseIdentity | null; hash: string }
  | { kind: "keeper"; stack: string };

/** The role that receives what a temporary account leaves behind; it holds no right on data. */
export function keeperName(stack: string): string {
  return `daypass_keeper_${stack}`;
}

/** Deterministic, at most 63 bytes, and the same for every account with these rights on these objects. */
export function groupName(
  stack: string,
  home: DatabaseIdentity,
  right: GroupRight,
  scope: ScopeIdentity,
): string {
  return `daypass_${right}_${stack}_${groupHash(home, right, scope)}`;
}

export function groupHash(home: DatabaseIdentity, right: GroupRight, scope: ScopeIdentity): string {
  return createHash("sha256")
    .update(JSON.stringify([home.cluster, home.oid, right, canonicalScope(scope)]))
    .digest("hex")
    .slice(0, 20);
}

/** `ddl` is `write` plus a group that can create and reads nothing: see docs/decisions/0002-postgres-levels.md. */
export function groupRights(level: Level): readonly GroupRight[] {
  switch (level) {
    case "read":
      return ["read"];
    case "write":
      return ["write"];
    case "ddl":
      return ["write", "create"];
  }
}

export function formatMarker(marker: Marker): string {
  switch (marker.kind) {
    case "account":
      return `daypass stack=${marker.stack} grant=${marker.grantId} account=${marker.account}`;
    case "group":
      return `daypass stack=${marker.stack} group=${marker.right}${formatHome(marker.home)} hash=${marker.hash}`;
    case "keeper":
      return `daypass stack=${marker.stack} keeper`;
  }
}

export function accountMarker(stack: string, account: { name: string; grantId: string }): string {
  return formatMarker({ kind: "account", stack, grantId: account.grantId, account: account.name });
}

/** Null for every comment that is not exactly one of ours. */
export function parseMarker(comment: string | null): Marker | null {
  const account = /^daypass stack=(\S+) grant=(\S+) account=(\S+)$/.exec(comment ?? "");
  if (account !== null) {
    const [, stack = "", grantId = "", name = ""] = account;
    return isStack(stack) && isGrantId(grantId) && isAccountName(name)
      ? { kind: "account", stack, grantId, account: name }
      : null;
  }
  const group =
    /^daypass stack=(\S+) group=(read|write|create)(?: cluster=([0-9]{1,20}|unknown) database=([0-9]{1,10}))? hash=([0-9a-f]{20})$/.exec(
      comment ?? "",
    );
  if (group !== null) {
    const [, stack = "", right, cluster, oid, hash = ""] = group;
    if (!isStack(stack) || (right !== "read" && right !== "write" && right !== "create")) return null;
    return { kind: "group", stack, right, home: parseHome(cluster, oid), hash };
  }
  const keeper = /^daypass stack=(\S+) keeper$/.exec(comment ?? "");
  const stack = keeper?.[1] ?? "";
  return isStack(stack) ? { kind: "keeper", stack } : null;
}

function formatHome(home: DatabaseIdentity | null): string {
  return home === null ? "" : ` cluster=${home.cluster ?? "unknown"} database=${home.oid}`;
}

function parseHome(cluster: string | undefined, oid: string | undefined): DatabaseIdentity | null {
  if (cluster === undefined || oid === undefined) return null;
  return { cluster: cluster === "unknown" ? null : cluster, oid: Number(oid) };
}

function canonicalScope(scope: ScopeIdentity): unknown {
  if (scope.kind === "database") return "database";
  const keys = scope.objects.map(({ schema, table }) => JSON.stringify([schema, table]));
  return [...new Set(keys)].toSorted();
}
