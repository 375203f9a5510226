import { z } from "zod";
import { type Cleaning, runInBatches } from "./batches.ts";
import { sql } from "./quote.ts";

/**
 * Drops the large objects that the role owns in this database. Nothing depends on one, and any account may create
 * millions: they are read a page at a time. Each is tried once. Returns the first refusal.
 */
export async function dropLargeObjects(cleaning: Cleaning): Promise<Error | undefined> {
  const { session, role } = cleaning;
  let first: Error | undefined;
  for (let after = 0; ; ) {
    const page = await session.rows(objectRow, pageQuery, [role.oid, after, pageSize]);
    const last = page.at(-1);
    if (last === undefined) return first;
    const drops = page.map(
      ({ id }) => sql`SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = ${String(id)}`,
    );
    const { failure } = await runInBatches(cleaning, drops);
    first ??= failure;
    after = last.id;
  }
}

const pageSize = 5_000;

const objectRow = z.strictObject({ id: z.int().nonnegative() });

const pageQuery = `
SELECT s.objid AS id FROM pg_shdepend s
WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o' AND s.classid = 'pg_largeobject'::regclass
  AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.objid > $2::oid
ORDER BY s.objid LIMIT $3`;
