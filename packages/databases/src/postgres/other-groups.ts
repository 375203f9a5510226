import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { type DatabaseIdentity, parseMarker } from "./names.ts";
import { identifier, sql } from "./quote.ts";
import type { Role } from "./role.ts";

/**
 * A repeated provision leaves the groups of an earlier attempt: those of an earlier version, or of a table that has
 * been replaced since. When the database itself was replaced it refuses, since nobody approved access to the other one.
 */
export async function leaveOtherGroups(
  session: Session,
  { stack }: Target,
  account: Role,
  home: DatabaseIdentity,
  groups: readonly { name: string }[],
): Promise<void> {
  const held = await session.rows(membershipRow, membershipQuery, [account.oid]);
  for (const { name, comment } of held) {
    const marker = parseMarker(comment);
    if (marker?.kind !== "group" || marker.stack !== stack || groups.some((one) => one.name === name))
      continue;
    if (marker.home !== null && marker.home.oid !== home.oid) {
      throw new EngineError(
        "conflict",
        `account ${account.name} was created for another database, which had the name ${session.database}: end this access and request it again`,
      );
    }
    await session.run(sql`REVOKE ${identifier(name)} FROM ${identifier(account.name)}`);
  }
}

const membershipRow = z.strictObject({ name: z.string(), comment: z.string().nullable() });

const membershipQuery = `
SELECT DISTINCT g.rolname::text AS name, shobj_description(g.oid, 'pg_authid') AS comment
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = $1 ORDER BY 1`;
