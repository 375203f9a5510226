import { z } from "zod";
import { EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";
import type { DatabaseIdentity } from "./names.ts";
import { systemIdentifier } from "./server-identity.ts";

/** Of the database that the session is in, which cannot be renamed or dropped as long as the session is there. */
export async function databaseIdentity(session: Session): Promise<DatabaseIdentity> {
  return { cluster: await systemIdentifier(session), oid: await currentDatabase(session) };
}

export async function currentDatabase(session: Session): Promise<number> {
  const [row] = await session.rows(
    z.strictObject({ oid: z.number() }),
    "SELECT oid FROM pg_database WHERE datname = current_database()",
  );
  if (row === undefined) throw new EngineError("other", "the database is not in the server's list");
  return row.oid;
}

/** Null is unknown, which fits every cluster. */
export function isOfCluster(home: DatabaseIdentity, cluster: string | null): boolean {
  return home.cluster === null || cluster === null || home.cluster === cluster;
}
