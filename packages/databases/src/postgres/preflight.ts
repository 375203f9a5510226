import { z } from "zod";
import { EngineError, type Preflight, type PreflightCheck, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { userDatabases } from "./databases.ts";
import { createAdministrator, grantAdminOption, grantCreateRole, grantSignalBackend } from "./install.ts";
import { accountNamePattern, keeperName, parseMarker } from "./names.ts";
import { connectionChecks } from "./preflight-connections.ts";
import { preflightDatabase } from "./preflight-database.ts";
import { identifier, sql } from "./quote.ts";

/** Looks at the server and changes nothing: what is ready, what is missing, and the statements that mend it. */
export async function preflight(target: Target): Promise<Preflight> {
  const { server, checks } = await asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const facts = await readServer(session);
    const named = await session.rows(namedRoleRow, namedRolesQuery, [accountNamePattern.source]);
    const databases = await userDatabases(session);
    const connections = await connectionChecks(session, target.administrator.username);
    const checks = [...serverChecks(target, facts, named), ...connections];
    return { server: { ...facts, databases }, checks };
  });
  for (const database of server.databases) {
    checks.push(...(await databaseChecks(target, database.name, database.acceptsConnections)));
  }
  return {
    version: server.version,
    majorVersion: server.major,
    ready: checks.every((check) => check.database !== null || check.status !== "missing"),
    checks,
  };
}

async function databaseChecks(target: Target, name: string, accepts: boolean): Promise<PreflightCheck[]> {
  const unreachable: PreflightCheck = {
    id: "connect",
    database: name,
    status: "warning",
    sentence: `The administrator cannot connect to database ${name}: nothing can be lent there, and nothing cleaned up.`,
    statements: [
      {
        database: null,
        sql: sql`GRANT CONNECT ON DATABASE ${identifier(name)} TO ${identifier(target.administrator.username)} WITH GRANT OPTION;`,
      },
    ],
  };
  if (!accepts) return [unreachable];
  try {
    return await asAdministrator(target, name, (session) =>
      preflightDatabase(session, name, target.administrator.username),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ ...unreachable, sentence: `Database ${name} could not be examined: ${error.message}` }];
  }
}

function serverChecks(
  target: Target,
  facts: z.infer<typeof serverRow>,
  named: readonly z.infer<typeof namedRoleRow>[],
): PreflightCheck[] {
  const administrator = target.administrator.username;
  const check = (
    id: string,
    good: boolean,
    otherwise: "missing" | "warning",
    yes: string,
    no: string,
    statements: string[],
  ): PreflightCheck => ({
    id,
    database: null,
    status: good ? "ok" : otherwise,
    sentence: good ? yes : no,
    statements: good ? [] : statements.map((text) => ({ database: null, sql: text })),
  });
  const unmarked = named
    .filter((role) => role.isAccountName && role.comment === null)
    .map((role) => role.name);
  const foreign = named.filter(
    (role) => parseMarker(role.comment)?.stack === target.stack && !role.administered,
  );
  const keeper = named.find((role) => role.name === keeperName(target.stack));
  const keeperIsOurs = keeper === undefined || parseMarker(keeper.comment)?.kind === "keeper";
  return [
    check(
      "version",
      facts.major >= 15,
      "missing",
      `The server is PostgreSQL ${facts.version}.`,
      `PostgreSQL ${facts.version} is too old: 15 or later is needed.`,
      [],
    ),
    check(
      "encrypted",
      facts.encrypted,
      "warning",
      "The connection is encrypted.",
      "The connection is not encrypted.",
      [],
    ),
    check(
      "not-superuser",
      !facts.superuser,
      "warning",
      "The administrator is not a superuser.",
      "The administrator is a superuser; a login of its own with CREATEROLE is enough.",
      [createAdministrator("daypass_admin")],
    ),
    check(
      "createrole",
      facts.createrole || facts.superuser,
      "missing",
      "The administrator may create accounts.",
      "The administrator may not create accounts.",
      [grantCreateRole(administrator)],
    ),
    check(
      "signal-backend",
      facts.signal || facts.superuser,
      "missing",
      "The administrator may end sessions.",
      "The administrator may not end the sessions of accounts that were dropped by hand.",
      [grantSignalBackend(administrator)],
    ),
    check(
      "createrole-reach",
      facts.major >= 16,
      "warning",
      "CREATEROLE reaches only the roles that the administrator made.",
      "On PostgreSQL 15 CREATEROLE reaches every role that is not a superuser: guard the administrator's secret as one, or upgrade to 16.",
      [],
    ),
    check(
      "keeper",
      keeperIsOurs,
      "missing",
      keeper === undefined
        ? "The keeper role will be made with the first grant."
        : "The keeper role is there.",
      `Role ${keeperName(target.stack)} exists but is not ours.`,
      [
        sql`ALTER ROLE ${identifier(keeperName(target.stack))} RENAME TO ${identifier(`${keeperName(target.stack)}_old`)};`,
      ],
    ),
    check(
      "own-roles",
      foreign.length === 0,
      "missing",
      "The administrator administers all roles of this installation.",
      `${foreign.length} roles of this installation were made by another administrator.`,
      foreign.map((role) => grantAdminOption(role.name, administrator)),
    ),
    check(
      "unmarked",
      unmarked.length === 0,
      "warning",
      "No role looks like an account of ours without being one.",
      `Roles named like accounts but without a marker are never touched: ${unmarked.slice(0, 5).join(", ")}.`,
      [],
    ),
  ];
}

async function readServer(session: Session): Promise<z.infer<typeof serverRow>> {
  const [row] = await session.rows(serverRow, serverQuery);
  if (row === undefined) throw new EngineError("other", "the server did not describe itself");
  return row;
}

const serverRow = z.strictObject({
  version: z.string(),
  major: z.number(),
  superuser: z.boolean(),
  createrole: z.boolean(),
  signal: z.boolean(),
  encrypted: z.boolean(),
});

const serverQuery = `
SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('server_version_num')::int / 10000 AS major,
  r.rolsuper AS superuser, r.rolcreaterole AS createrole, pg_has_role('pg_signal_backend', 'USAGE') AS signal,
  coalesce((SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS encrypted
FROM pg_roles r WHERE r.rolname = current_user`;

const namedRoleRow = z.strictObject({
  name: z.string(),
  comment: z.string().nullable(),
  isAccountName: z.boolean(),
  administered: z.boolean(),
});

// Up to 15 CREATEROLE administers every role that is no superuser; from 16 on it takes the admin option.
const namedRolesQuery = `
SELECT r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment, r.rolname ~ $1 AS "isAccountName",
  current_setting('server_version_num')::int < 160000 OR pg_has_role(r.oid, 'USAGE WITH ADMIN OPTION')
    OR EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r.oid AND m.admin_option AND pg_has_role(m.member, 'USAGE')) AS administered
FROM pg_roles r WHERE r.rolname ~ $1 OR r.rolname LIKE 'daypass\\_%' OR shobj_description(r.oid, 'pg_authid') LIKE 'daypass stack=%'
ORDER BY r.rolname`;
