import { z } from "zod";
import type { Target } from "../engine.ts";
import { closeLeftovers } from "./close-leftovers.ts";
import type { Session } from "./connection.ts";
import { keeperName, parseMarker } from "./names.ts";
import { rollBackPrepared } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";

/**
 * Up to PostgreSQL 15 a member can act in its group's name (SET ROLE), and what it makes then would outlive it: a
 * function that runs with the group's rights, a prepared transaction. Groups own nothing, so whatever one of ours
 * owns in this database is closed as an account's, and its prepared transactions are rolled back.
 */
export async function cleanGroups(session: Session, target: Target, deadline: number): Promise<void> {
  for (const group of await groupsWithLeftovers(session, target.stack)) {
    const name = identifier(group.name);
    await session.run(sql`GRANT ${name} TO CURRENT_USER`);
    try {
      await rollBackPrepared(session, group.name);
      await closeLeftovers({
        session,
        role: group,
        keeper: keeperName(target.stack),
        claim: async () => true,
        deadline,
        waits: { timeouts: 0, failure: undefined },
      });
    } finally {
      await session.run(sql`REVOKE ${name} FROM CURRENT_USER`);
    }
  }
}

async function groupsWithLeftovers(session: Session, stack: string): Promise<z.infer<typeof groupRow>[]> {
  const rows = await session.rows(groupRow, groupsQuery);
  return rows.filter(({ comment }) => {
    const marker = parseMarker(comment);
    return marker?.kind === "group" && marker.stack === stack;
  });
}

const groupRow = z.strictObject({
  oid: z.number(),
  name: z.string(),
  comment: z.string().nullable(),
  gids: z.array(z.string()),
});

const groupsQuery = `
SELECT g.oid, g.name, g.comment, g.gids FROM (
  SELECT r.oid, r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment,
    ARRAY(SELECT p.gid FROM pg_prepared_xacts p WHERE p.owner = r.rolname AND p.database = current_database()) AS gids
  FROM pg_roles r WHERE r.rolname LIKE 'daypass\\_%' AND NOT r.rolcanlogin) g
WHERE g.gids <> '{}' OR EXISTS (
  SELECT FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = g.oid AND s.deptype = 'o'
    AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
ORDER BY g.name`;
