import { z } from "zod";
import { EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";
import { parseMarker } from "./names.ts";
import { identifier, sql } from "./quote.ts";
import { majorVersion } from "./server-version.ts";

/** In whose name the administrator can work: its own, of a role that it may become, or of a role of this stack. */
export type Reach = "self" | "member" | "ours" | "none";

export type ReachedRole = { oid: number; name: string; reach: Reach };

export async function reachOf(
  session: Session,
  stack: string,
  oids: readonly number[],
): Promise<ReachedRole[]> {
  const rows = await session.rows(reachRow, reachQuery, [oids]);
  return rows.map(({ oid, name, comment, isSelf, isMember }) => {
    if (isSelf) return { oid, name, reach: "self" };
    if (isMember) return { oid, name, reach: "member" };
    return { oid, name, reach: parseMarker(comment)?.stack === stack ? "ours" : "none" };
  });
}

/**
 * Becomes a member of roles of this stack for some work inside the caller's transaction: whatever is seen from outside,
 * the membership never existed.
 */
export async function asMemberOf(
  session: Session,
  roles: readonly ReachedRole[],
  work: () => Promise<void>,
): Promise<void> {
  const how = (await majorVersion(session)) >= 16 ? " WITH INHERIT TRUE, SET TRUE" : "";
  const joined = roles.filter(({ reach }) => reach === "ours");
  for (const { name } of joined) await session.run(sql`GRANT ${identifier(name)} TO CURRENT_USER${how}`);
  await work();
  for (const { name } of joined) await session.run(sql`REVOKE ${identifier(name)} FROM CURRENT_USER`);
}

/** Works in the name of one role, inside the caller's transaction. */
export async function actAs(session: Session, role: ReachedRole, work: () => Promise<void>): Promise<void> {
  if (role.reach === "none") {
    throw new EngineError("permission", `the administrator cannot work in the name of ${role.name}`);
  }
  await asMemberOf(session, [role], async () => {
    if (role.reach !== "self") await session.run(sql`SET LOCAL ROLE ${identifier(role.name)}`);
    await work();
    if (role.reach !== "self") await session.run("RESET ROLE");
  });
}

const reachRow = z.strictObject({
  oid: z.number(),
  name: z.string(),
  comment: z.string().nullable(),
  isSelf: z.boolean(),
  isMember: z.boolean(),
});

// Up to PostgreSQL 15 every member may become the role; from 16 on a membership says so.
const reachQuery = `
SELECT r.oid, r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment, r.rolname = current_user AS "isSelf",
  CASE WHEN r.rolsuper THEN (SELECT c.rolsuper FROM pg_roles c WHERE c.rolname = current_user)
    ELSE pg_has_role(r.oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) END AS "isMember"
FROM pg_roles r WHERE r.oid = ANY ($1::oid[])`;
