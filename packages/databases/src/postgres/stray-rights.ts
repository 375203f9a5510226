import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { again } from "./again.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { currentDatabase } from "./database-identity.ts";
import { acceptsConnections } from "./databases.ts";
import { closeDatabase } from "./install.ts";
import { keeperName } from "./names.ts";
import { identifier, sql } from "./quote.ts";
import { revokeStatements } from "./rights-sql.ts";
import { lockRights } from "./role.ts";
import { resolveScope } from "./scope.ts";

/** That a group holds rights in a database; `reachable` when its members can connect to it. */
export type HeldRights = {
  group: string;
  database: string;
  oid: number;
  owner: string;
  reachable: boolean;
  acceptsConnections: boolean;
  /** It was given a right on the database itself, not only on objects inside. */
  onDatabase: boolean;
};

/** The databases in which these groups hold rights. The list is the cluster's: none of them has to be opened to read it. */
export function heldRights(session: Session, groups: readonly string[]): Promise<HeldRights[]> {
  return session.rows(heldRow, heldQuery, [groups]);
}

/** In other databases than the one they were created for: CREATE DATABASE … TEMPLATE copies rights. */
export async function strayRights(
  session: Session,
  groups: readonly string[],
  home: number,
): Promise<HeldRights[]> {
  return (await heldRights(session, groups)).filter(({ oid }) => oid !== home);
}

/**
 * Revokes what was copied, as far as the administrator can; `assertNoStrayRights` refuses because of what is left.
 * Outside a transaction, since it works in the other databases.
 */
export async function revokeStrayRights(target: Target, strays: readonly HeldRights[]): Promise<void> {
  const open = strays.filter(({ acceptsConnections }) => acceptsConnections);
  for (const [database, found] of Map.groupBy(open, (one) => one.database)) {
    try {
      await again(() => revokeIn(target, database, found), 2);
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind === "unreachable") throw error;
    }
  }
}

async function revokeIn(target: Target, database: string, strays: readonly HeldRights[]): Promise<void> {
  await asAdministrator(target, database, async (session) => {
    // By now the name may be that of another database, even of the groups' own.
    const oid = await currentDatabase(session);
    const groups = strays.filter((one) => one.oid === oid).map((one) => one.group);
    await inTransaction(session, async () => {
      await lockRights(session, target.stack);
      for (const group of groups) await revokeAllOf(session, target, group);
    });
  });
}

/** In this database. DROP OWNED would ask for rights on every column of what the group may use; this does not. */
export async function revokeAllOf(session: Session, target: Target, group: string): Promise<void> {
  const nothing = { kind: "objects", objects: [] } as const;
  const written = await resolveScope(session, nothing, "read", group, keeperName(target.stack));
  const held = written.filter((object) => object.written.length > 0);
  const alike = Map.groupBy(held, (object) => JSON.stringify([object.class, object.written.toSorted()]));
  for (const objects of alike.values()) {
    const [first] = objects;
    if (first === undefined) continue;
    const change = { class: first.class, privileges: first.written, objects };
    for (const text of revokeStatements(change, group)) await session.run(text);
  }
}

/** Inside the mint's transaction: its groups give nothing in any other database that their members can connect to. */
export async function assertNoStrayRights(
  session: Session,
  target: Target,
  groups: readonly string[],
  home: number,
): Promise<void> {
  const strays = (await strayRights(session, groups, home)).filter(({ reachable }) => reachable);
  if (strays.length === 0) return;
  const databases = [...new Set(strays.map(({ database }) => database))].slice(0, 3).join(", ");
  throw new EngineError(
    "permission",
    `the account would reach ${databases} too: its groups hold rights there that the administrator cannot revoke`,
    { remedy: closeStrays(strays, target.administrator.username) },
  );
}

/** Closes these databases for everybody but their owners: what is inside can then no longer be reached. */
export function closeStrays(strays: readonly HeldRights[], administrator: string): string[] {
  const databases = [...Map.groupBy(strays, ({ oid }) => oid).values()].slice(0, 10);
  return databases.flatMap((found) => [
    ...found.slice(0, 1).flatMap(({ database, owner }) => closeDatabase(database, [owner], administrator)),
    ...found.flatMap(({ group, database, onDatabase }) =>
      onDatabase ? [sql`REVOKE ALL ON DATABASE ${identifier(database)} FROM ${identifier(group)};`] : [],
    ),
  ]);
}

const heldRow = z.strictObject({
  group: z.string(),
  database: z.string(),
  oid: z.number(),
  owner: z.string(),
  reachable: z.boolean(),
  acceptsConnections: z.boolean(),
  onDatabase: z.boolean(),
});

const heldQuery = `
SELECT g.name AS "group", d.datname::text AS database, d.oid, pg_get_userbyid(d.datdba)::text AS owner, g."onDatabase",
  ${acceptsConnections} AS "acceptsConnections",
  ${acceptsConnections} AND has_database_privilege(g.oid, d.oid, 'CONNECT') AS reachable
FROM (SELECT r.oid, r.rolname::text AS name, CASE WHEN s.dbid = 0 THEN s.objid ELSE s.dbid END AS database, bool_or(s.dbid = 0) AS "onDatabase"
    FROM pg_roles r JOIN pg_shdepend s ON s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'a'
    WHERE r.rolname = ANY ($1::text[]) AND (s.dbid <> 0 OR s.classid = 'pg_database'::regclass)
    GROUP BY 1, 2, 3) g
  JOIN pg_database d ON d.oid = g.database
ORDER BY g.name, d.datname`;
