import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { type GivenRights, readGiven, revokeStatement } from "./given-rights.ts";
import { keeperName } from "./names.ts";
import { databasesToVisit } from "./owned.ts";
import { psqlInDatabase } from "./pasted-sql.ts";
import { identifier, integer, sql } from "./quote.ts";
import type { Role } from "./role.ts";

export type Blockers = { blockers: string[]; remedy: string[]; owned: boolean };

/** What still holds the account, in words, and what a person with more rights can run against it. */
export async function findBlockers(session: Session, target: Target, role: Role): Promise<Blockers> {
  const all: Blockers = { blockers: [], remedy: [], owned: false };
  if (role.canLogin) all.remedy.push(sql`ALTER ROLE ${identifier(role.name)} NOLOGIN;`);
  for (const database of await databasesToVisit(session, target.stack, role.oid)) {
    const found = database.acceptsConnections
      ? await inDatabase(target, database.name, role)
      : {
          blockers: [`database ${database.name} accepts no connections`],
          remedy: [sql`ALTER DATABASE ${identifier(database.name)} ALLOW_CONNECTIONS true;`],
          owned: false,
        };
    all.blockers.push(...found.blockers);
    all.remedy.push(...found.remedy);
    all.owned ||= found.owned;
  }
  all.remedy.push(sql`DROP ROLE ${identifier(role.name)};`);
  return all;
}

async function inDatabase(target: Target, database: string, role: Role): Promise<Blockers> {
  try {
    return await asAdministrator(target, database, (session) => describe(session, target, role));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { blockers: [error.message], remedy: [handingOver(target, database, role)], owned: false };
  }
}

/** What remains to be run in a database; `first` are the statements without which the others fail. */
function handingOver({ stack }: Target, database: string, role: Role, first: readonly string[] = []): string {
  const name = identifier(role.name);
  return psqlInDatabase(database, [
    ...first,
    sql`REASSIGN OWNED BY ${name} TO ${identifier(keeperName(stack))};`,
    sql`DROP OWNED BY ${name};`,
  ]);
}

async function describe(session: Session, target: Target, role: Role): Promise<Blockers> {
  const dependencies = await session.rows(dependencyRow, dependencyQuery, [role.oid]);
  const holders = await session.rows(holderRow, holderQuery, [role.oid]);
  const prepared = await session.rows(preparedRow, preparedQuery, [role.name]);
  const given = await readGiven(session, role.oid);
  const here = session.database;
  return {
    owned: dependencies.some((one) => one.owned),
    blockers: [
      ...prepared.map(({ gid }) => `${here}: transaction ${gid} is prepared and not finished`),
      ...dependencies.map((one) => `${here}: ${one.owned ? "owner of" : "rights on"} ${one.description}`),
      ...given.map(
        ({ keyword, names, grantor }) =>
          `${here}: rights that ${grantor} gave on ${keyword.toLowerCase()} ${shorten(names)}`,
      ),
      ...holders.map(
        (one) => `${here}: process ${one.pid} of ${one.user ?? "nobody"} holds a lock on ${one.relation}`,
      ),
    ],
    remedy: [
      ...holders.map(({ pid }) => sql`SELECT pg_terminate_backend(${integer(pid)});`),
      handingOver(
        target,
        here,
        role,
        given.flatMap((one) => revokeInItsName(one, role.name)),
      ),
    ],
  };
}

/** Only the role that gave a right can revoke it, even a superuser's REVOKE or DROP OWNED works in the owner's name. */
function revokeInItsName({ keyword, names, grantor }: GivenRights, from: string): string[] {
  return [
    sql`SET ROLE ${identifier(grantor)};`,
    sql`${revokeStatement(keyword, names, from)};`,
    "RESET ROLE;",
  ];
}

function shorten(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

const dependencyRow = z.strictObject({ description: z.string(), owned: z.boolean() });
const dependencyQuery = `SELECT coalesce(pg_describe_object(s.classid, s.objid, s.objsubid), 'an object') AS description,
    s.deptype = 'o' AS owned
  FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1
    AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    AND s.classid <> 'pg_auth_members'::regclass
  ORDER BY 2 DESC, 1 LIMIT 20`;

const holderRow = z.strictObject({ pid: z.number(), user: z.string().nullable(), relation: z.string() });
const holderQuery = `SELECT DISTINCT l.pid, a.usename::text AS user, c.relname::text AS relation
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE c.relowner = $1 AND l.pid IS NOT NULL AND l.pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1, 3 LIMIT 20`;

const preparedRow = z.strictObject({ gid: z.string() });
const preparedQuery = "SELECT gid FROM pg_prepared_xacts WHERE owner = $1 AND database = current_database()";
