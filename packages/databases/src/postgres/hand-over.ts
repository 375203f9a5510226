import { z } from "zod";
import { EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";
import { ownedObjects } from "./owned.ts";
import { identifier, list, sql } from "./quote.ts";

/**
 * Gives the keeper everything that a role still owns in this database, inside the caller's transaction; throws when
 * something stayed.
 */
export async function handOver(
  session: Session,
  role: { name: string; oid: number },
  keeper: string,
): Promise<void> {
  const owned = await ownedObjects(session, role.oid);
  if (owned.length === 0) return;
  const lent = await lendCreate(session, keeper, [
    ...new Set(owned.flatMap((object) => object.schema ?? [])),
  ]);
  for (const text of lent.before) await session.run(text);
  await session.run(sql`REASSIGN OWNED BY ${identifier(role.name)} TO ${identifier(keeper)}`);
  for (const text of lent.after) await session.run(text);
  const [left] = await ownedObjects(session, role.oid);
  if (left === undefined) return;
  throw new EngineError("conflict", `${left.description} could not be handed to the keeper`);
}

/** Statements around one transaction: objects change hands only to an owner who may create in their schema. */
export async function lendCreate(
  session: Session,
  keeper: string,
  schemas: readonly string[],
): Promise<{ before: string[]; after: string[] }> {
  const lacking = await session.rows(
    z.strictObject({ name: z.string() }),
    `SELECT n.nspname::text AS name FROM pg_namespace n WHERE n.nspname = ANY ($1::text[])
       AND NOT has_schema_privilege($2, n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'CREATE WITH GRANT OPTION')`,
    [schemas, keeper],
  );
  if (lacking.length === 0) return { before: [], after: [] };
  const on = list(lacking.map(({ name }) => identifier(name)));
  return {
    before: [sql`GRANT CREATE ON SCHEMA ${on} TO ${identifier(keeper)}`],
    after: [sql`REVOKE CREATE ON SCHEMA ${on} FROM ${identifier(keeper)}`],
  };
}
