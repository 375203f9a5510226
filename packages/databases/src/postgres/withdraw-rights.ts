import { z } from "zod";
import { type Cleaning, runInBatches } from "./batches.ts";
import { identifier, list, sql } from "./quote.ts";
import { objectsWithRights } from "./rights-catalogs.ts";

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

// Temporary tables belong to sessions that are over: their rights go with them.
const givenQuery = `
SELECT o.keyword, o.name, bool_or(a.grantee = 0) AS everyone,
  coalesce(array_agg(DISTINCT pg_get_userbyid(a.grantee)::text) FILTER (WHERE a.grantee <> 0), '{}') AS grantees
FROM (${objectsWithRights}) o, LATERAL aclexplode(CASE WHEN $2 THEN coalesce(o.acl, o.initial) ELSE o.acl END) a
WHERE o.owner = $1 AND a.grantee <> $1
  AND NOT EXISTS (SELECT FROM pg_class t WHERE o.classid = 'pg_class'::regclass AND t.oid = o.objid AND t.relpersistence = 't')
GROUP BY o.keyword, o.name ORDER BY 1, 2`;
