import { z } from "zod";
import { EngineError, type PreflightCheck } from "../engine.ts";
import type { Session } from "./connection.ts";
import { grantReservedConnections, reserveConnections, shortenLoginWait } from "./install.ts";

/** Whether the administrator still gets in when everybody else has used up the server's connections: from 16 on a
 * server can keep some for members of a role; 15 keeps some for superusers alone. */
export async function connectionChecks(session: Session, administrator: string): Promise<PreflightCheck[]> {
  return [...(await reservedChecks(session, administrator)), await loginWaitCheck(session)];
}

/** A connection that does not finish its login has a place already, a reserved one where there is no other. */
async function loginWaitCheck(session: Session): Promise<PreflightCheck> {
  const [row] = await session.rows(
    z.strictObject({ seconds: z.number() }),
    "SELECT setting::int AS seconds FROM pg_settings WHERE name = 'authentication_timeout'",
  );
  if (row === undefined)
    throw new EngineError("other", "the server did not say how long it waits for a login");
  const good = row.seconds <= loginSeconds;
  return {
    id: "login-wait",
    database: null,
    status: good ? "ok" : "warning",
    sentence: good
      ? `A connection that does not log in is closed after ${row.seconds} s.`
      : `A connection that does not log in keeps its place for ${row.seconds} s (authentication_timeout), a reserved one where there is no other; ${loginSeconds} s are enough.`,
    statements: good
      ? []
      : shortenLoginWait(loginSeconds).map((statement) => ({ database: null, sql: statement })),
  };
}

const loginSeconds = 10;

async function reservedChecks(session: Session, administrator: string): Promise<PreflightCheck[]> {
  const [facts] = await session.rows(factsRow, factsQuery);
  if (facts === undefined)
    throw new EngineError("other", "the server did not say how many connections it takes");
  const check = (good: boolean, yes: string, no: string, statements: string[]): PreflightCheck => ({
    id: "reserved-connections",
    database: null,
    status: good ? "ok" : "warning",
    sentence: good ? yes : no,
    statements: good ? [] : statements.map((text) => ({ database: null, sql: text })),
  });
  const { max, reserved, member, superuser } = facts;
  if (superuser) return [check(true, "A superuser has connections of its own.", "", [])];
  if (reserved === null) {
    return [
      check(
        false,
        "",
        `PostgreSQL 15 keeps connections for superusers alone: of ${max} connections none is the administrator's. Only the bound on accounts leaves room; upgrade to 16, which can reserve some.`,
        [],
      ),
    ];
  }
  return [
    check(
      reserved > 0 && member,
      `The server keeps ${reserved} of ${max} connections for the administrator.`,
      [
        "When all connections are in use, the administrator cannot log in, and nobody's access here ends.",
        ...(reserved > 0
          ? []
          : [
              "Set reserved_connections (on RDS in the parameter group: reserved_connections = 8) and restart the server.",
            ]),
        ...(member ? [] : ["The administrator needs membership in pg_use_reserved_connections."]),
      ].join(" "),
      [
        ...(reserved > 0 ? [] : [reserveConnections()]),
        ...(member ? [] : [grantReservedConnections(administrator)]),
      ],
    ),
  ];
}

const factsRow = z.strictObject({
  max: z.number(),
  reserved: z.number().nullable(),
  member: z.boolean(),
  superuser: z.boolean(),
});

const factsQuery = `
SELECT current_setting('max_connections')::int AS max, current_setting('reserved_connections', true)::int AS reserved,
  EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'pg_use_reserved_connections' AND pg_has_role(r.oid, 'USAGE')) AS member,
  (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) AS superuser`;
