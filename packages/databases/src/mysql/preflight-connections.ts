import { z } from "zod";
import { EngineError, type PreflightCheck, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { killRight } from "./dialect.ts";
import { has, serverRights } from "./held-rights.ts";
import { grantKillRight, grantPortRight } from "./install.ts";
import { check } from "./preflight-check.ts";
import type { Grant } from "./show-grants.ts";

/** Whether the administrator still gets in when everybody else has used up the server's connections. The server keeps
 * one more for it, and a connection that never logs in occupies that one too until the server's patience ends. */
export async function connectionChecks(
  session: Session,
  target: Target,
  grants: readonly Grant[],
): Promise<PreflightCheck[]> {
  const { flavour } = session.dialect;
  const held = serverRights(grants);
  const right = killRight(session.dialect);
  const port = await administrationPort(session);
  const waits = await session.rows(
    waitsRow,
    "SELECT @@GLOBAL.connect_timeout AS seconds, @@GLOBAL.back_log AS waiting, @@GLOBAL.max_connect_errors AS errors",
  );
  const [{ seconds, waiting, errors }] = first(waits);
  const setting = flavour === "mariadb" ? "extra_port" : "admin_address";
  const isUsed = target.administration !== undefined;
  return [
    check(has(held, right) || held.has("SUPER"), {
      id: "administrator-connection",
      otherwise: "warning",
      yes: "The server keeps one connection more than its limit for the administrator.",
      no: `When all connections are in use, the administrator cannot log in, and nobody's access here ends: it lacks ${right}.`,
      statements: [grantKillRight(session.dialect, target.administrator.username)],
    }),
    check(port !== undefined && isUsed, {
      id: "administration-port",
      otherwise: "warning",
      yes: `The administrator comes through a port of its own (${port}).`,
      no:
        port === undefined
          ? `Connections that never log in can occupy the administrator's one as well. Set ${setting} in the server's configuration, and put administrationPort into the administrator's secret.`
          : `The server has a port for administrators (${port}), and the broker does not use it: put administrationPort into the administrator's secret.`,
      statements: [],
    }),
    ...(flavour === "mysql" && port !== undefined
      ? [
          check(has(held, "SERVICE_CONNECTION_ADMIN") || held.has("SUPER"), {
            id: "administration-right",
            otherwise: "warning",
            yes: "The administrator may use the port for administrators.",
            no: "The administrator may not use the port for administrators: it lacks SERVICE_CONNECTION_ADMIN.",
            statements: [grantPortRight(target.administrator.username)],
          }),
        ]
      : []),
    check(seconds <= loginSeconds, {
      id: "login-wait",
      otherwise: "warning",
      yes: `A connection that does not log in is closed after ${seconds} s.`,
      no: `A connection that does not log in is kept for ${seconds} s (connect_timeout); ${loginSeconds} s are enough. Up to ${waiting} more wait behind it (back_log), and a host is shut out after ${errors} that break off (max_connect_errors).`,
      statements: [`SET GLOBAL connect_timeout = ${loginSeconds};`],
    }),
  ];
}

const loginSeconds = 5;

/** The port on which administrators get in apart from everybody else; undefined where there is none. */
async function administrationPort(session: Session): Promise<number | undefined> {
  const found = await session.rows(
    variableRow,
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('extra_port', 'admin_address', 'admin_port')",
  );
  const values = new Map(found.map((one) => [one.Variable_name, one.Value]));
  const isOpen = session.dialect.flavour === "mariadb" || (values.get("admin_address") ?? "") !== "";
  const port = Number(values.get(session.dialect.flavour === "mariadb" ? "extra_port" : "admin_port") ?? 0);
  return isOpen && port > 0 ? port : undefined;
}

function first<Row>(rows: readonly Row[]): [Row] {
  const [row] = rows;
  if (row === undefined) throw new EngineError("other", "the server did not describe itself");
  return [row];
}

const waitsRow = z.strictObject({ seconds: z.number(), waiting: z.number(), errors: z.number() });
const variableRow = z.strictObject({ Variable_name: z.string(), Value: z.string() });
