import { z } from "zod";
import type { Target } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { formatMarker, keeperName, parseMarker } from "./names.ts";
import { identifier, literal, sql } from "./quote.ts";
import { revokeStatements } from "./rights-sql.ts";
import { lockRights } from "./role.ts";
import { resolveScope } from "./scope.ts";

/** Every group is an entry in the access lists of its tables, and these lists have to fit in one catalog row. */
export const idleGroupsKept = 40;

/**
 * Drops groups without members once a database has more than `idleGroupsKept` of them: each different scope that
 * people ask for makes a group. The next mint that needs one makes it again.
 */
export async function retireIdleGroups(
  session: Session,
  target: Target,
  inUse: readonly string[],
): Promise<void> {
  const idle = await idleGroups(session, target.stack, inUse);
  if (idle.length <= idleGroupsKept) return;
  for (const group of idle) {
    await inTransaction(session, async () => {
      await lockRights(session, target.stack);
      // Waits for mints that are making a member of it, then looks again.
      await session.run(sql`COMMENT ON ROLE ${identifier(group.name)} IS ${literal(group.comment)}`);
      if (!(await idleGroups(session, target.stack, inUse)).some((one) => one.name === group.name)) return;
      await takeAll(session, target, group.name);
      await session.run(sql`DROP ROLE ${identifier(group.name)}`);
    });
  }
}

/** DROP OWNED would ask for rights on every column of what the group may use; taking back what is written does not. */
async function takeAll(session: Session, target: Target, group: string): Promise<void> {
  const nothing = { kind: "objects", objects: [] } as const;
  const written = await resolveScope(session, nothing, "read", group, keeperName(target.stack));
  for (const object of written) {
    if (object.written.length === 0) continue;
    const change = { class: object.class, privileges: object.written, objects: [object] };
    for (const text of revokeStatements(change, group)) await session.run(text);
  }
}

async function idleGroups(
  session: Session,
  stack: string,
  inUse: readonly string[],
): Promise<{ name: string; comment: string }[]> {
  const rows = await session.rows(
    z.strictObject({ name: z.string(), comment: z.string().nullable() }),
    idleQuery,
    [inUse],
  );
  return rows.flatMap(({ name, comment }) => {
    const marker = parseMarker(comment);
    return marker?.kind === "group" && marker.stack === stack
      ? [{ name, comment: formatMarker(marker) }]
      : [];
  });
}

// Without members other than the one that made it (16 and later), owning nothing, with rights in this database alone.
const idleQuery = `
SELECT r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment FROM pg_roles r
WHERE r.rolname LIKE 'daypass\\_%' AND NOT r.rolcanlogin AND NOT r.rolname = ANY ($1::text[])
  AND NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles k ON k.oid = m.member WHERE m.roleid = r.oid AND k.rolname ~ '^dp_')
  AND EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid
    AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND NOT EXISTS (SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid
    AND (s.deptype = 'o' OR s.dbid NOT IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))))
ORDER BY r.rolname`;
