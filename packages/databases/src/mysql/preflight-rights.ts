import { z } from "zod";
import type { PreflightCheck, Target } from "../engine.ts";
import { findCandidates } from "./accounts.ts";
import type { Session } from "./connection.ts";
import { killRight, nameOf } from "./dialect.ts";
import { isRefusal } from "./failure.ts";
import { has, serverRights } from "./held-rights.ts";
import { grantKillRight, grantServerRights, installStatements } from "./install.ts";
import { check } from "./preflight-check.ts";
import { account, sql } from "./quote.ts";
import { mayKill } from "./sessions.ts";
import type { Grant } from "./show-grants.ts";

/** What the administrator may do on the server, and may do without. */
export async function rightsChecks(
  session: Session,
  target: Target,
  grants: readonly Grant[],
): Promise<PreflightCheck[]> {
  const { dialect } = session;
  const administrator = target.administrator.username;
  const server = serverRights(grants);
  const powerful = ["ALL PRIVILEGES", "SUPER", "FILE"].filter((right) => server.has(right));
  const reads = await maySeeAccounts(session);
  return [
    check(true, {
      id: "version",
      otherwise: "missing",
      yes: `The server is ${nameOf(dialect)} ${dialect.version}.`,
      no: "",
    }),
    check(await isEncrypted(session), {
      id: "encrypted",
      otherwise: "warning",
      yes: "The connection is encrypted.",
      no: "The connection is not encrypted.",
    }),
    check(powerful.length === 0, {
      id: "not-superuser",
      otherwise: "warning",
      yes: "The administrator has neither SUPER nor FILE.",
      no: `The administrator has ${powerful.join(", ")}; an account of its own with less is enough.`,
      statements: installStatements({
        dialect,
        stack: target.stack,
        administrator: "daypass_admin",
        databases: [],
      }).map((step) => step.sql),
    }),
    check(has(server, "CREATE USER"), {
      id: "create-user",
      otherwise: "missing",
      yes: "The administrator may make, lock and drop accounts.",
      no: "The administrator may not make accounts.",
      statements: grantServerRights(dialect, administrator).slice(0, 1),
    }),
    check(reads, {
      id: "see-accounts",
      otherwise: "missing",
      yes: "The administrator sees accounts and what they hold.",
      no: "The administrator does not see accounts: what one holds could not be proven.",
      statements: grantServerRights(dialect, administrator).slice(1),
    }),
    check(has(server, "PROCESS"), {
      id: "process",
      otherwise: "missing",
      yes: "The administrator sees the sessions of accounts.",
      no: "The administrator does not see the sessions of accounts.",
      statements: [sql`GRANT PROCESS ON *.* TO ${account(administrator, "%")};`],
    }),
    check(await mayKill(session), {
      id: "end-sessions",
      otherwise: "missing",
      yes: "The administrator may end sessions.",
      no: `The administrator may not end the sessions of accounts: it lacks ${killRight(dialect)}, and this is no RDS.`,
      statements: [grantKillRight(dialect, administrator)],
    }),
    check(false, {
      id: "create-user-reach",
      otherwise: "warning",
      yes: "",
      no: "CREATE USER reaches every account of the server: guard the administrator's secret as that of root.",
    }),
  ];
}

async function maySeeAccounts(session: Session): Promise<boolean> {
  try {
    await findCandidates(session);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

async function isEncrypted(session: Session): Promise<boolean> {
  const [row] = await session.rows(
    z.strictObject({ Variable_name: z.string(), Value: z.string() }),
    "SHOW SESSION STATUS LIKE 'Ssl_cipher'",
  );
  return (row?.Value ?? "") !== "";
}
