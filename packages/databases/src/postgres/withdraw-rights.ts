import { z } from "zod";
import { type Cleaning, runInBatches } from "./batches.ts";
import { identifier, list, sql } from "./quote.ts";
import { objectWithRights } from "./rights-catalogs.ts";

/**
 * Revokes every right of everyone else on what the role owns in this database. Revoking waits for no lock on the
 * object, so that nothing stays shared while its removal waits. `all` includes what the server gives by itself, such as
 * EXECUTE on a new function; without it only rights that someone gave are revoked.
 */
export async function withdrawRights(cleaning: Cleaning, which: "given" | "all"): Promise<Error | undefined> {
  const given = await cleaning.session.rows(givenRow, givenQuery, [cleaning.role.oid, which === "all"]);
  const statements = given.map(({ keyword, name, grantees, everyone }) => {
    const from = [...(everyone ? ["PUBLIC"] : []), ...grantees.map(identifier)];
    // The server wrote the name itself, quoted where needed.
    return sql`REVOKE ALL ON ${keyword} ${name} FROM ${list(from)} CASCADE`;
  });
  return (await runInBatches(cleaning, statements)).failure;
}

const givenRow = z.strictObject({
  keyword: z.string(),
  name: z.string(),
  grantees: z.array(z.string()),
  everyone: z.boolean(),
});

// Large objects are dropped before anyone needs to lose a right on them: see large-objects.ts.
const ownedBy = `d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1 AND d.deptype = 'o' AND d.classid <> 'pg_largeobject'::regclass
  AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`;

// A table has a type of its own, which is shared too. Temporary tables belong to sessions that are over: their rights go with them.
const givenQuery = `
SELECT o.keyword, o.name, bool_or(a.grantee = 0) AS everyone,
  coalesce(array_agg(DISTINCT pg_get_userbyid(a.grantee)::text) FILTER (WHERE a.grantee <> 0), '{}') AS grantees
FROM (
    SELECT d.classid, d.objid FROM pg_shdepend d LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    WHERE ${ownedBy} AND coalesce(c.relpersistence, 'p') <> 't'
    UNION ALL SELECT 'pg_type'::regclass, c.reltype FROM pg_shdepend d JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    WHERE ${ownedBy} AND c.reltype <> 0 AND c.relpersistence <> 't') s,
  LATERAL (${objectWithRights}) o, LATERAL aclexplode(CASE WHEN $2 THEN coalesce(o.acl, o.initial) ELSE o.acl END) a
WHERE a.grantee <> $1
GROUP BY o.keyword, o.name ORDER BY 1, 2`;
