import { z } from "zod";
import type { FoundAccount, Target } from "../engine.ts";
import { asAdministrator } from "./connection.ts";
import { type GroupFindings, groupFindings } from "./group-findings.ts";
import { parseMarker } from "./names.ts";
import { roleColumns, roleRow } from "./role.ts";

/** The accounts that carry this stack's marker, by name. */
export async function listAccounts(target: Target): Promise<FoundAccount[]> {
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const rows = await session.rows(accountRow, accountsQuery, [target.administrator.username]);
    const findings = await groupFindings(session, target);
    return rows.flatMap((row) => toAccount(row, target.stack, findings));
  });
}

function toAccount(
  row: z.infer<typeof accountRow>,
  stack: string,
  findings: ReadonlyMap<string, GroupFindings>,
): FoundAccount[] {
  const marker = parseMarker(row.comment);
  if (marker?.kind !== "account" || marker.stack !== stack) return [];
  const isGroup = (index: number) => {
    const group = parseMarker(row.membershipComments[index] ?? null);
    return group?.kind === "group" && group.stack === stack;
  };
  const ofGroups = row.memberships.flatMap((name) => findings.get(name) ?? []);
  const remedy = [...new Set(ofGroups.flatMap((one) => one.remedy))];
  return [
    {
      name: row.name,
      grantId: marker.grantId,
      serverId: row.oid,
      validUntilMs: row.validUntilMs,
      canLogin: row.canLogin,
      sessions: row.sessions,
      memberships: row.memberships,
      extraRights: [
        ...row.attributes.map((attribute) => `has the attribute ${attribute}`),
        ...row.memberships.filter((_, index) => !isGroup(index)).map((name) => `is a member of ${name}`),
        ...row.members.map((name) => `${name} is a member of it`),
        ...ofGroups.flatMap((one) => one.sentences),
        ...row.direct.map(({ database, count }) => `was given ${count} rights of its own in ${database}`),
      ],
      ...(remedy.length > 0 ? { remedy } : {}),
      ...(marker.account === row.name ? {} : { renamedFrom: marker.account }),
    },
  ];
}

const accountRow = roleRow.extend({
  sessions: z.number(),
  memberships: z.array(z.string()),
  membershipComments: z.array(z.string().nullable()),
  members: z.array(z.string()),
  attributes: z.array(z.string()),
  direct: z.array(z.strictObject({ database: z.string(), count: z.number() })),
});

// The administrator who made an account is its member by the server's own doing (16 and later): that is no finding.
const accountsQuery = `
SELECT ${roleColumns},
  (SELECT count(*)::int FROM pg_stat_activity s WHERE s.usesysid = r.oid) AS sessions,
  ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
    GROUP BY g.oid, g.rolname ORDER BY g.rolname) AS memberships,
  ARRAY(SELECT shobj_description(g.oid, 'pg_authid') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
    WHERE m.member = r.oid GROUP BY g.oid, g.rolname ORDER BY g.rolname) AS "membershipComments",
  ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member
    WHERE m.roleid = r.oid AND g.rolname <> $1 ORDER BY 1) AS members,
  array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
  (SELECT coalesce(json_agg(json_build_object('database', x.name, 'count', x.count) ORDER BY x.name), '[]'::json) FROM (
    SELECT coalesce(d.datname::text, 'the server') AS name, count(*)::int AS count
    FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
    WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'a' GROUP BY 1) x) AS direct
FROM pg_roles r WHERE shobj_description(r.oid, 'pg_authid') LIKE 'daypass stack=%' ORDER BY r.rolname`;
