import { z } from "zod";
import { isAccountName } from "../account-name.ts";
import type { Level, ManualStatement, Preflight, PreflightCheck, Target } from "../engine.ts";
import { findCandidates } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { userDatabases } from "./databases.ts";
import { type Dialect, killRight, markOf, nameOf } from "./dialect.ts";
import { everybodysRights } from "./everybody.ts";
import { isRefusal } from "./failure.ts";
import {
  grantDatabaseRights,
  grantKillRight,
  grantServerRights,
  installStatements,
  registerStatements,
} from "./install.ts";
import { readReaper, readScheduler } from "./install-register.ts";
import { matchesPattern, registerName } from "./names.ts";
import { account, qualified, sql } from "./quote.ts";
import { readIdentity } from "./register.ts";
import { levelPrivileges } from "./rights.ts";
import { mayKill } from "./sessions.ts";
import { type Grant, showGrants } from "./show-grants.ts";

/** Looks at the server and changes nothing: what is ready, what is missing, and the statements that mend it. */
export async function preflight(target: Target): Promise<Preflight> {
  return asAdministrator(target, async (session) => {
    const { dialect } = session;
    const grants = await showGrants(session, "me");
    const checks = [
      ...(await rightsChecks(session, target, grants)),
      ...(await registerChecks(session, target, grants)),
      ...(await doorChecks(session, target)),
    ];
    for (const { name } of await userDatabases(session)) {
      checks.push(databaseCheck(dialect, target.administrator.username, grants, name));
    }
    return {
      version: dialect.version,
      majorVersion: dialect.major,
      ready: checks.every((check) => check.database !== null || check.status !== "missing"),
      checks,
    };
  });
}

type Finding = {
  id: string;
  otherwise: "missing" | "warning";
  yes: string;
  no: string;
  statements?: string[];
};

function check(good: boolean, { id, otherwise, yes, no, statements = [] }: Finding): PreflightCheck {
  const shown: ManualStatement[] = good ? [] : statements.map((text) => ({ database: null, sql: text }));
  return {
    id,
    database: null,
    status: good ? "ok" : otherwise,
    sentence: good ? yes : no,
    statements: shown,
  };
}

async function rightsChecks(
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

async function registerChecks(
  session: Session,
  target: Target,
  grants: readonly Grant[],
): Promise<PreflightCheck[]> {
  const schema = registerName(target.stack);
  const identity = await readIdentity(session, target.stack).catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });
  const wanted = ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "EVENT"];
  const held = rightsOn(grants, schema);
  const scheduler = await readScheduler(session);
  const reaper = identity === undefined ? undefined : await readReaper(session, target.stack);
  const beats = reaper === undefined || scheduler !== "ON" || (await reapedLately(session, schema));
  return [
    check(
      wanted.every((right) => has(held, right)),
      {
        id: "register",
        otherwise: "missing",
        yes:
          identity === undefined
            ? `The register of accounts (schema ${schema}) will be made with the first grant.`
            : `The register of accounts (schema ${schema}) is there.`,
        no: `The administrator lacks rights on its own schema ${schema}.`,
        statements: registerStatements(session.dialect, target.stack, target.administrator.username),
      },
    ),
    check(scheduler === "ON", {
      id: "event-scheduler",
      otherwise: "warning",
      yes: "The server ends accounts by itself, should all of ours be down: its event scheduler is on.",
      no: `The event scheduler is ${scheduler}: should all of ours be down, accounts stay until it is back. On RDS it is set in the parameter group.`,
      statements: scheduler === "OFF" ? ["SET GLOBAL event_scheduler = ON;"] : [],
    }),
    check(beats, {
      id: "dead-man-switch",
      otherwise: "warning",
      yes:
        reaper === undefined
          ? "The event that ends accounts will be made with the first grant."
          : "The event that ends accounts is at work.",
      no: "The event that ends accounts has not run in the last minute; the next grant sets it up anew.",
    }),
  ];
}

async function doorChecks(session: Session, target: Target): Promise<PreflightCheck[]> {
  const open = await everybodysRights(session, []).catch((error: unknown) => {
    if (isRefusal(error)) return [];
    throw error;
  });
  const candidates = await findCandidates(session).catch((error: unknown) => {
    if (isRefusal(error)) return [];
    throw error;
  });
  const strange = candidates.filter(
    ({ name, mark }) =>
      isAccountName(name) &&
      mark !== markOf(session.dialect, target.stack, name) &&
      !mark.startsWith("daypass ") &&
      !/^1\d{9}$/.test(mark),
  );
  const anonymous = await anonymousHosts(session);
  return [
    check(open.length === 0, {
      id: "everybody",
      otherwise: "missing",
      yes: "No account has rights just by being there.",
      no: `Every account of this server has more than it was given, so none can be lent: ${open
        .slice(0, 3)
        .map((one) => one.sentence)
        .join("; ")}.`,
      statements: [...new Set(open.map((one) => one.statement))],
    }),
    check(anonymous.length === 0, {
      id: "anonymous",
      otherwise: "missing",
      yes: "There is no account without a name.",
      no: "There are accounts without a name: from a nearer host, they take the logins of others.",
      statements: anonymous.map((host) => sql`DROP USER ${account("", host)};`),
    }),
    check(strange.length === 0, {
      id: "unmarked",
      otherwise: "warning",
      yes: "No account looks like one of ours without being one.",
      no: `Accounts named like ours but without a mark are never touched: ${strange
        .slice(0, 5)
        .map((one) => one.name)
        .join(", ")}.`,
    }),
    ...(await validationChecks(session)),
    ...(await engineChecks(session)),
  ];
}

/** Storage engines whose tables reach other servers: who may create tables may create these. */
async function engineChecks(session: Session): Promise<PreflightCheck[]> {
  const found = await session.rows(
    z.strictObject({ engine: z.string() }),
    `SELECT ENGINE AS engine FROM information_schema.ENGINES
     WHERE SUPPORT IN ('YES', 'DEFAULT') AND ENGINE IN ('FEDERATED', 'SPIDER', 'CONNECT', 'S3') ORDER BY 1`,
  );
  const [links] = await session.rows(
    z.strictObject({ Variable_name: z.string(), Value: z.string() }),
    "SHOW VARIABLES LIKE 'have_symlink'",
  );
  return [
    check(links?.Value !== "YES", {
      id: "data-directory",
      otherwise: "warning",
      yes: "No table can be put outside the server's own folder.",
      no: "At level ddl an account may be able to put tables outside the server's own folder; start the server with skip-symbolic-links.",
    }),
    check(found.length === 0, {
      id: "remote-tables",
      otherwise: "warning",
      yes: "No table of this server can reach another server.",
      no: `At level ddl an account can make tables that reach other servers (${found.map((one) => one.engine).join(", ")}).`,
    }),
  ];
}

/** MariaDB can refuse passwords whose text it does not see. */
async function validationChecks(session: Session): Promise<PreflightCheck[]> {
  if (session.dialect.flavour !== "mariadb") return [];
  const [found] = await session.rows(
    z.strictObject({ plugins: z.number() }),
    `SELECT COUNT(*) AS plugins FROM information_schema.PLUGINS
     WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE' AND @@strict_password_validation = 1`,
  );
  return [
    check((found?.plugins ?? 0) === 0, {
      id: "password-validation",
      otherwise: "missing",
      yes: "The server takes hashes of passwords.",
      no: "A plugin of the server wants to see passwords in clear; ours are never sent so. They are random, of 190 bits.",
      statements: ["SET GLOBAL strict_password_validation = OFF;"],
    }),
  ];
}

/** Which levels can be lent in one database; none of its own checks keeps the others from being lent. */
function databaseCheck(
  dialect: Dialect,
  administrator: string,
  grants: readonly Grant[],
  database: string,
): PreflightCheck {
  const held = rightsOn(
    grants.filter((one) => one.grantable),
    database,
  );
  const levels: Level[] = ["read", "write", "ddl"];
  const lendable = levels.filter((level) => levelPrivileges(level).every((right) => has(held, right)));
  const statements = [{ database: null, sql: grantDatabaseRights(dialect, administrator, database, "ddl") }];
  return {
    id: "lendable",
    database,
    status: lendable.length === levels.length ? "ok" : lendable.length > 0 ? "warning" : "missing",
    sentence:
      lendable.length === levels.length
        ? `All levels can be lent in database ${database}.`
        : `In database ${database} ${lendable.length === 0 ? "no level" : `only ${lendable.join(" and ")}`} can be lent.`,
    statements: lendable.length === levels.length ? [] : statements,
  };
}

function serverRights(grants: readonly Grant[]): Set<string> {
  return new Set(grants.filter(({ object }) => object === "*.*").flatMap((one) => one.privileges));
}

function rightsOn(grants: readonly Grant[], database: string): Set<string> {
  const here = grants.filter(({ object }) => {
    if (object === "*.*") return true;
    const [, pattern] = /^`((?:[^`]|``)*)`\.\*$/s.exec(object) ?? [];
    return pattern !== undefined && matchesPattern(pattern.replaceAll("``", "`"), database);
  });
  return new Set(here.flatMap((one) => one.privileges));
}

function has(held: ReadonlySet<string>, right: string): boolean {
  return held.has(right) || held.has("ALL PRIVILEGES");
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

async function reapedLately(session: Session, schema: string): Promise<boolean> {
  const [row] = await session.rows(
    z.strictObject({ lately: z.number() }),
    sql`SELECT reaped_at_ms > (UNIX_TIMESTAMP() - 60) * 1000 AS lately FROM ${qualified(schema, "server")}`,
  );
  return row?.lately === 1;
}

async function anonymousHosts(session: Session): Promise<string[]> {
  try {
    const rows = await session.rows(
      z.strictObject({ host: z.string() }),
      "SELECT CAST(Host AS CHAR) AS host FROM mysql.user WHERE User = '' ORDER BY 1",
    );
    return rows.map((row) => row.host);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}
