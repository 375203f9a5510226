import { z } from "zod";
import { actAs, asMemberOf, reachOf } from "./act-as.ts";
import { type Cleaning, changing, lockTimeoutMs, serverRefusalOf } from "./batches.ts";
import { inTransaction, type Session } from "./connection.ts";
import { identifier, list, sql } from "./quote.ts";
import { objectWithRights } from "./rights-catalogs.ts";

/** Rights on one kind of object that one role gave to another, or that this one passed on to others. */
export type GivenRights = {
  keyword: string;
  names: string[];
  grantor: string;
  grantorOid: number;
};

/**
 * Revokes what the role was given in this database, each right in the name of the role that gave it: only that role
 * can. A right whose giver is out of the administrator's reach stays, and the removal of the account will name it.
 * Returns the first refusal.
 */
export async function revokeGiven(cleaning: Cleaning, stack: string): Promise<Error | undefined> {
  const { session, role } = cleaning;
  const given = await readGiven(session, role.oid);
  let first: Error | undefined;
  const grantors = await reachOf(
    session,
    stack,
    given.map(({ grantorOid }) => grantorOid),
  );
  for (const { keyword, names, grantorOid } of given) {
    const grantor = grantors.find(({ oid }) => oid === grantorOid);
    if (grantor === undefined || grantor.reach === "none") continue;
    const refusal = await serverRefusalOf(() =>
      changing(cleaning, lockTimeoutMs, () =>
        actAs(session, grantor, () => session.run(revokeStatement(keyword, names, role.name))),
      ),
    );
    first ??= refusal;
  }
  return first;
}

/**
 * Drops what DROP OWNED is for: default privileges, user mappings, and the role's place in policies. Who owns a policy's
 * table has to be one of ours for that.
 */
export async function dropOwned({ session, role, claim }: Cleaning, stack: string): Promise<void> {
  const owners = await session.rows(z.strictObject({ oid: z.number() }), policyOwnersQuery, [role.oid]);
  const reached = await reachOf(
    session,
    stack,
    owners.map(({ oid }) => oid),
  );
  await inTransaction(session, async () => {
    if (!(await claim())) return;
    await asMemberOf(session, reached, () => session.run(sql`DROP OWNED BY ${identifier(role.name)}`));
  });
}

export function revokeStatement(keyword: string, names: readonly string[], from: string): string {
  // The server wrote the names itself, quoted where needed.
  return sql`REVOKE ALL ON ${keyword} ${list(names)} FROM ${identifier(from)} CASCADE`;
}

export async function readGiven(session: Session, oid: number): Promise<GivenRights[]> {
  return session.rows(givenRow, givenQuery, [oid]);
}

const givenRow = z.strictObject({
  keyword: z.string(),
  names: z.array(z.string()),
  grantor: z.string(),
  grantorOid: z.number(),
});

// At most 100 objects in a statement: each costs a lock until the end of the transaction.
const givenQuery = `
SELECT keyword, array_agg(name ORDER BY name) AS names, pg_get_userbyid(grantor)::text AS grantor, grantor AS "grantorOid"
FROM (
  SELECT keyword, name, grantor, (row_number() OVER (PARTITION BY keyword, grantor ORDER BY name) - 1) / 100 AS batch
  FROM (
    SELECT DISTINCT o.keyword, o.name, a.grantor
    FROM (SELECT DISTINCT s.classid, s.objid FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1
        AND s.deptype = 'a' AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) s
      , LATERAL (${objectWithRights}) o, LATERAL aclexplode(o.acl) a
    WHERE a.grantee = $1 AND a.grantor <> $1) one) many
GROUP BY keyword, grantor, batch ORDER BY 4, 1, batch`;

const policyOwnersQuery = `
SELECT DISTINCT c.relowner AS oid FROM pg_shdepend s
  JOIN pg_policy p ON s.classid = 'pg_policy'::regclass AND p.oid = s.objid JOIN pg_class c ON c.oid = p.polrelid
WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND c.relowner <> $1
  AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
