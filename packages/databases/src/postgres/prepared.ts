import { z } from "zod";
import type { Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { sqlState } from "./failure.ts";
import { identifier, literal, sql } from "./quote.ts";

export type Prepared = { gid: string; database: string; acceptsConnections: boolean };

/** Transactions that this role prepared and nobody finished, in any database. They need no session to hold locks. */
export async function preparedBy(session: Session, owner: string): Promise<Prepared[]> {
  return session.rows(
    z.strictObject({ gid: z.string(), database: z.string(), acceptsConnections: z.boolean() }),
    `SELECT p.gid, p.database::text AS database, d.datallowconn AS "acceptsConnections"
     FROM pg_prepared_xacts p JOIN pg_database d ON d.datname = p.database WHERE p.owner = $1 ORDER BY 2, 1`,
    [owner],
  );
}

/** In every database, even if one of them fails; the administrator has to be a member of the role, since only the owner may end them. */
export async function rollBackEverywhere(session: Session, target: Target, owner: string): Promise<void> {
  const prepared = await preparedBy(session, owner);
  const open = prepared.filter((one) => one.acceptsConnections).map((one) => one.database);
  const failures: unknown[] = [];
  for (const database of new Set(open)) {
    try {
      if (database === session.database) await rollBackPrepared(session, owner);
      else await asAdministrator(target, database, (there) => rollBackPrepared(there, owner));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** In the database of the session. */
export async function rollBackPrepared(session: Session, owner: string): Promise<void> {
  const here = (await preparedBy(session, owner)).filter((one) => one.database === session.database);
  if (here.length === 0) return;
  await session.run(sql`SET ROLE ${identifier(owner)}`);
  try {
    for (const { gid } of here) await rollBack(session, gid);
  } finally {
    await session.run("RESET ROLE");
  }
}

/** Gone (42704) or busy (55000) means that someone else is ending it: whoever looks next sees what came of it. */
async function rollBack(session: Session, gid: string): Promise<void> {
  try {
    await session.run(sql`ROLLBACK PREPARED ${literal(gid)}`);
  } catch (error) {
    const state = sqlState(error);
    if (state !== "42704" && state !== "55000") throw error;
  }
}
