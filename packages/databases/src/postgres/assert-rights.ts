import { z } from "zod";
import { type AccountPlan, EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";
import type { RefreshedGroup } from "./groups.ts";
import { identifier, sql } from "./quote.ts";
import { relationNotOfExtension, userSchema } from "./scope.ts";

/**
 * Asks the server what the account can really do, inside the mint's transaction, and refuses when it is more than
 * the level and the scope say: rights given to PUBLIC are rights of every account. Objects of extensions are not
 * counted, since many of them are meant for everybody.
 */
export async function assertRights(
  session: Session,
  plan: AccountPlan,
  groups: readonly RefreshedGroup[],
): Promise<void> {
  const tables = groups.flatMap((group) => group.objects.filter((object) => object.class === "table"));
  const writable = tables.filter((table) => table.wanted.includes("INSERT")).map((table) => table.oid);
  const creatable = groups
    .flatMap((group) => group.objects.filter((object) => object.class === "schema"))
    .filter((object) => object.wanted.includes("CREATE"))
    .map((object) => object.oid);
  const findings = await session.rows(findingRow, findingsQuery, [
    plan.name,
    tables.map((table) => table.oid),
    writable,
    creatable,
  ]);
  const names = groups.map((group) => group.name);
  await assertMemberships(session, plan.name, names);
  await assertGroupsAlone(session, names);
  if (findings.length === 0) return;
  const first = findings.slice(0, 3).map((one) => `${one.privilege} on ${one.class} ${one.name}`);
  const more = findings.length > 3 ? ` and ${findings.length - 3} more` : "";
  throw new EngineError(
    "permission",
    `everybody on this server has rights beyond the ${plan.level} level or outside the scope: ${first.join(", ")}${more}`,
    {
      remedy: findings
        .slice(0, 50)
        .map((one) => sql`REVOKE ${one.privilege} ON ${one.class.toUpperCase()} ${one.quoted} FROM PUBLIC;`),
    },
  );
}

async function assertMemberships(
  session: Session,
  account: string,
  groups: readonly string[],
): Promise<void> {
  const rows = await session.rows(
    z.strictObject({ name: z.string() }),
    `SELECT DISTINCT pg_get_userbyid(m.roleid)::text AS name FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
     WHERE r.rolname = $1`,
    [account],
  );
  const held = rows.map((row) => row.name);
  const strange = held.filter((name) => !groups.includes(name));
  const lost = groups.filter((name) => !held.includes(name));
  if (strange.length === 0 && lost.length === 0) return;
  throw new EngineError(
    "conflict",
    `account ${account} is a member of ${held.join(", ") || "nothing"}, not of ${groups.join(", ")} alone`,
    { remedy: strange.map((name) => sql`REVOKE ${identifier(name)} FROM ${identifier(account)};`) },
  );
}

/** A role that a group is in gives its rights in every database, of which this one is all that is looked at. */
async function assertGroupsAlone(session: Session, groups: readonly string[]): Promise<void> {
  const widened = await widenedGroups(session, groups);
  const [first] = widened;
  if (first === undefined) return;
  throw new EngineError("permission", `group ${first.group} was made a member of ${first.role}`, {
    remedy: widened.map(({ group, role }) => sql`REVOKE ${identifier(role)} FROM ${identifier(group)};`),
  });
}

export function widenedGroups(
  session: Session,
  groups: readonly string[],
): Promise<{ group: string; role: string }[]> {
  return session.rows(
    z.strictObject({ group: z.string(), role: z.string() }),
    `SELECT DISTINCT pg_get_userbyid(m.member)::text AS "group", pg_get_userbyid(m.roleid)::text AS role
     FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ANY ($1::text[]) ORDER BY 1, 2`,
    [groups],
  );
}

const findingRow = z.strictObject({
  class: z.enum(["table", "schema", "database"]),
  name: z.string(),
  quoted: z.string(),
  privilege: z.string(),
});

// $1 account, $2 readable tables, $3 writable tables, $4 schemas to create in.
const findingsQuery = `
WITH a AS (SELECT oid FROM pg_roles WHERE rolname = $1)
SELECT 'table' AS class, n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted, p.name AS privilege
FROM a, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  (VALUES ('SELECT', true), ('INSERT', true), ('UPDATE', true), ('DELETE', false), ('TRUNCATE', false), ('TRIGGER', false), ('REFERENCES', true))
    AS p(name, has_columns)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${userSchema} AND ${relationNotOfExtension}
  AND c.relowner <> a.oid
  AND NOT (p.name = 'SELECT' AND c.oid = ANY ($2::oid[]))
  AND NOT (p.name IN ('INSERT', 'UPDATE', 'DELETE') AND c.oid = ANY ($3::oid[]))
  AND (has_table_privilege(a.oid, c.oid, p.name)
    OR CASE WHEN p.has_columns THEN has_any_column_privilege(a.oid, c.oid, p.name) ELSE false END)
UNION ALL
SELECT 'schema', n.nspname, quote_ident(n.nspname), 'CREATE' FROM a, pg_namespace n
WHERE ${userSchema} AND n.nspowner <> a.oid AND NOT n.oid = ANY ($4::oid[]) AND has_schema_privilege(a.oid, n.oid, 'CREATE')
UNION ALL
SELECT 'database', d.datname, quote_ident(d.datname), 'CREATE' FROM a, pg_database d
WHERE has_database_privilege(a.oid, d.oid, 'CREATE')
ORDER BY 1 DESC, 2, 4`;
