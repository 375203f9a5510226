import { z } from "zod";
import type { Session } from "./connection.ts";
import { parseMarker } from "./names.ts";
import { identifier, integer, literal, sql } from "./quote.ts";

/** Who holds what someone waits for: a session (`pid`), or a prepared transaction (`gid`), which has none. */
export type Holder = {
  pid: number | null;
  gid: string | null;
  database: string | null;
  user: string | null;
  application: string | null;
  /** What of this stack it is, by its marker. Up to PostgreSQL 15 an account can prepare in its group's name. */
  ours: "account" | "group" | undefined;
};

/** The holders of the locks that the session `waiting` waits for at this moment. */
export async function holdersOf(session: Session, stack: string, waiting: number): Promise<Holder[]> {
  const rows = await session.rows(holderRow, holderQuery, [waiting]);
  return rows.map(({ comment, ...holder }) => {
    const marker = parseMarker(comment);
    return { ...holder, ours: marker?.stack === stack && marker.kind !== "keeper" ? marker.kind : undefined };
  });
}

export function describeHolder({ pid, gid, database, user, application }: Holder): string {
  const who = user ?? "someone unknown";
  if (gid !== null) return `prepared transaction ${gid} of ${who} in ${database ?? "?"} holds a lock on it`;
  const program = application === null || application === "" ? "" : ` (${application})`;
  return `process ${pid ?? "?"} of ${who}${program} holds a lock on it`;
}

/** Only its owner or a superuser may roll a prepared transaction back, and only in its database. */
export function holderRemedy({ pid, gid, database, user }: Holder): string[] {
  if (gid !== null) {
    const where = `-- in database ${identifier(database ?? "").replaceAll(/\s/g, " ")}`;
    return [
      `${where}, as ${identifier(user ?? "").replaceAll(/\s/g, " ")} or a superuser:`,
      sql`ROLLBACK PREPARED ${literal(gid)};`,
    ];
  }
  return pid === null ? [] : [sql`SELECT pg_terminate_backend(${integer(pid)});`];
}

const holderRow = z.strictObject({
  pid: z.number().nullable(),
  gid: z.string().nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  comment: z.string().nullable(),
});

const holderQuery = `
SELECT h.pid, h.gid, h.database, r.rolname::text AS user, h.application, shobj_description(r.oid, 'pg_authid') AS comment
FROM (
  SELECT DISTINCT b.pid, NULL::text AS gid, a.datname::text AS database, a.usename AS name, a.application_name AS application
  FROM unnest(pg_blocking_pids($1)) b(pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid WHERE b.pid <> 0
  UNION
  SELECT NULL, p.gid, p.database::text, p.owner, NULL
  FROM pg_locks w JOIN pg_locks l ON l.pid IS NULL AND l.granted
      AND (l.locktype, l.database, l.relation, l.page, l.tuple, l.transactionid, l.classid, l.objid, l.objsubid)
        IS NOT DISTINCT FROM (w.locktype, w.database, w.relation, w.page, w.tuple, w.transactionid, w.classid, w.objid, w.objsubid)
    JOIN pg_locks t ON t.pid IS NULL AND t.locktype = 'transactionid' AND t.virtualtransaction = l.virtualtransaction
    JOIN pg_prepared_xacts p ON p.transaction = t.transactionid
  WHERE w.pid = $1 AND NOT w.granted) h
  LEFT JOIN pg_roles r ON r.rolname = h.name
ORDER BY 1, 2`;
