import { z } from "zod";
import { type AccountRef, EngineError, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import {
  accountMarker,
  formatMarker,
  isAccountName,
  isGrantId,
  keeperName,
  type Marker,
  parseMarker,
} from "./names.ts";
import { identifier, literal, sql } from "./quote.ts";

export type Role = {
  oid: number;
  name: string;
  canLogin: boolean;
  validUntilMs: number | null;
  /** The server refuses its logins by its own clock. */
  isPastEnd: boolean;
  comment: string | null;
};

/** The columns of `roleRow`, for queries on pg_roles as r. */
export const roleColumns = `r.oid, r.rolname AS name, r.rolcanlogin AS "canLogin",
  CASE WHEN isfinite(r.rolvaliduntil) THEN round(extract(epoch FROM r.rolvaliduntil) * 1000)::float8 END AS "validUntilMs",
  coalesce(r.rolvaliduntil <= clock_timestamp(), false) AS "isPastEnd", shobj_description(r.oid, 'pg_authid') AS comment`;

export const roleRow = z.strictObject({
  oid: z.number(),
  name: z.string(),
  canLogin: z.boolean(),
  validUntilMs: z.number().nullable(),
  isPastEnd: z.boolean(),
  comment: z.string().nullable(),
});

export async function findRole(session: Session, name: string): Promise<Role | undefined> {
  const found = await session.rows(roleRow, `SELECT ${roleColumns} FROM pg_roles r WHERE r.rolname = $1`, [
    name,
  ]);
  return found[0];
}

/** The role that carries this account's marker under another name, if a person renamed it. */
export async function findRenamed(session: Session, stack: string, name: string): Promise<Role | undefined> {
  const found = await session.rows(
    roleRow,
    `SELECT ${roleColumns} FROM pg_shdescription d JOIN pg_roles r ON r.oid = d.objoid
     WHERE d.classoid = 'pg_authid'::regclass AND d.description LIKE 'daypass %' || $1 AND r.rolname <> $1`,
    [name],
  );
  return found.find((role) => {
    const marker = parseMarker(role.comment);
    return marker?.kind === "account" && marker.stack === stack && marker.account === name;
  });
}

/** The account, proven by its name and by its marker to be ours; undefined when it is absent; else it refuses. */
export async function proveAccount(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<Role | undefined> {
  requireAccountRef(account);
  const role = await findRole(session, account.name);
  const expected = accountMarker(target.stack, account);
  if (role === undefined) {
    const renamed = await findRenamed(session, target.stack, account.name);
    if (renamed === undefined) return undefined;
    throw new EngineError("conflict", `account ${account.name} was renamed to ${renamed.name} by hand`, {
      remedy: [sql`ALTER ROLE ${identifier(renamed.name)} RENAME TO ${identifier(account.name)};`],
    });
  }
  if (role.comment === expected) return role;
  throw new EngineError(
    "conflict",
    `role ${account.name} is not ours: its comment is not the marker of this grant`,
    {
      remedy: [sql`COMMENT ON ROLE ${identifier(account.name)} IS ${literal(expected)};`],
    },
  );
}

export function requireAccountRef(account: AccountRef): void {
  if (!isAccountName(account.name)) {
    throw new EngineError("invalid", "an account name is dp_ and a lower-case ULID");
  }
  if (!isGrantId(account.grantId)) throw new EngineError("invalid", "the grant id is malformed");
}

/**
 * Makes a NOLOGIN role with its marker when it is missing. A role of that name without the marker is somebody
 * else's: it is never adopted.
 */
export async function ensureRole(session: Session, name: string, marker: Marker): Promise<Role> {
  const comment = formatMarker(marker);
  const before = await findRole(session, name);
  if (before === undefined) {
    await session.run(sql`CREATE ROLE ${identifier(name)} NOLOGIN`);
    await session.run(sql`COMMENT ON ROLE ${identifier(name)} IS ${literal(comment)}`);
  }
  const role = before ?? (await findRole(session, name));
  if (role === undefined) throw new EngineError("other", `role ${name} vanished while it was made`);
  if (before !== undefined && (role.comment !== comment || role.canLogin)) {
    throw new EngineError("conflict", `role ${name} exists but is not ours, or may log in`, {
      remedy: [sql`ALTER ROLE ${identifier(name)} RENAME TO ${identifier(`${name.slice(0, 55)}_old`)};`],
    });
  }
  return role;
}

/**
 * Takes the lock that orders all writers of rights of this stack until the transaction ends. A comment locks the
 * role, and only who administers it can hold that; an advisory lock could be held by any account for ever.
 */
export async function lockRights(session: Session, stack: string): Promise<void> {
  const comment = formatMarker({ kind: "keeper", stack });
  await session.run(sql`COMMENT ON ROLE ${identifier(keeperName(stack))} IS ${literal(comment)}`);
}

/**
 * Proves the account, takes the lock that lets one writer of it work at a time, and proves it again: who had the lock
 * before may have denied or dropped it. The lock is a comment too, and lasts until the transaction ends.
 */
export async function claimAccount(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<Role | undefined> {
  if ((await proveAccount(session, target, account)) === undefined) return undefined;
  const comment = accountMarker(target.stack, account);
  await session.run(sql`COMMENT ON ROLE ${identifier(account.name)} IS ${literal(comment)}`);
  return proveAccount(session, target, account);
}
