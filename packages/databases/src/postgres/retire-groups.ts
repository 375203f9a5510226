import { z } from "zod";
import type { Target } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { isOfCluster } from "./database-identity.ts";
import { sqlState } from "./failure.ts";
import { type DatabaseIdentity, formatMarker, type Marker, parseMarker } from "./names.ts";
import { identifier, literal, sql } from "./quote.ts";
import { lockRights } from "./role.ts";
import { revokeAllOf, revokeStrayRights, strayRights } from "./stray-rights.ts";

/** Every group is an entry in the access lists of its tables, and these lists have to fit in one catalog row. */
export const idleGroupsKept = 40;
/** A mint does not wait longer than for so many of them; the next one goes on. */
const homelessAtOnce = 5;

/**
 * Drops groups without members: those of a database once it has more than `idleGroupsKept` (each different scope that
 * people ask for creates one, and the next mint that needs it creates it again), and at any number those whose database
 * is gone, that another cluster created, or that went by a database's name.
 */
export async function retireIdleGroups(
  session: Session,
  target: Target,
  home: DatabaseIdentity,
  inUse: readonly string[],
): Promise<void> {
  const idle = await idleGroups(session, target.stack, inUse);
  const atHome = idle.filter((group) => !isHomeless(group, home) && group.marker.home?.oid === home.oid);
  const homeless = idle.filter((group) => isHomeless(group, home)).slice(0, homelessAtOnce);
  for (const group of [...(atHome.length > idleGroupsKept ? atHome : []), ...homeless]) {
    await revokeStrayRights(target, await strayRights(session, [group.name], home.oid));
    await retire(session, target, inUse, group);
  }
}

function isHomeless({ marker, databaseExists }: IdleGroup, { cluster }: DatabaseIdentity): boolean {
  return marker.home === null || !databaseExists || !isOfCluster(marker.home, cluster);
}

async function retire(
  session: Session,
  target: Target,
  inUse: readonly string[],
  group: IdleGroup,
): Promise<void> {
  try {
    await inTransaction(session, async () => {
      await lockRights(session, target.stack);
      // Waits for mints that are making a member of it, then looks again.
      await session.run(
        sql`COMMENT ON ROLE ${identifier(group.name)} IS ${literal(formatMarker(group.marker))}`,
      );
      if (!(await idleGroups(session, target.stack, inUse)).some((one) => one.name === group.name)) return;
      await revokeAllOf(session, target, group.name);
      await session.run(sql`DROP ROLE ${identifier(group.name)}`);
    });
  } catch (error) {
    // Rights that somebody else gave keep it: without members it gives nobody anything, and no mint fails because of it.
    // Another mint may have dropped it meanwhile.
    if (!isHarmless.has(sqlState(error) ?? "")) throw error;
  }
}
/** dependent_objects_still_exist, insufficient_privilege, undefined_object. */
const isHarmless: ReadonlySet<string> = new Set(["2BP01", "42501", "42704"]);

type IdleGroup = { name: string; marker: Extract<Marker, { kind: "group" }>; databaseExists: boolean };

async function idleGroups(session: Session, stack: string, inUse: readonly string[]): Promise<IdleGroup[]> {
  const rows = await session.rows(idleRow, idleQuery, [inUse]);
  const databases = new Set(
    (await session.rows(oidRow, "SELECT oid FROM pg_database")).map(({ oid }) => oid),
  );
  return rows.flatMap(({ name, comment }) => {
    const marker = parseMarker(comment);
    if (marker?.kind !== "group" || marker.stack !== stack) return [];
    return [{ name, marker, databaseExists: marker.home !== null && databases.has(marker.home.oid) }];
  });
}

const oidRow = z.strictObject({ oid: z.number() });
const idleRow = z.strictObject({ name: z.string(), comment: z.string().nullable() });

// Without members other than the one that made it (16 and later), and owning nothing.
const idleQuery = `
SELECT r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment FROM pg_roles r
WHERE r.rolname LIKE 'daypass\\_%' AND NOT r.rolcanlogin AND NOT r.rolname = ANY ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles k ON k.oid = m.member WHERE m.roleid = r.oid 
    AND (k.rolname ~ '^dp_' OR shobj_description(k.oid, 'pg_authid') LIKE 'daypass stack=% grant=%'))
  AND NOT EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o')
ORDER BY r.rolname`;
