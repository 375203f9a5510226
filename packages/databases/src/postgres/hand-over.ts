import { z } from "zod";
import { EngineError } from "../engine.ts";
import type { Session } from "./connection.ts";
import { ownedObjects } from "./owned.ts";
import { identifier, list, sql } from "./quote.ts";

/**
 * Gives the keeper everything that a role owns in this database, without the rights that the role gave on it, inside
 * the caller's transaction. Returns what changed hands; throws when something stayed.
 */
export async function handOver(
  session: Session,
  role: { name: string; oid: number },
  keeper: string,
): Promise<string[]> {
  const owned = await ownedObjects(session, role.oid);
  if (owned.length === 0) return [];
  await withCreate(
    session,
    keeper,
    owned.flatMap((object) => object.schema ?? []),
    () => session.run(sql`REASSIGN OWNED BY ${identifier(role.name)} TO ${identifier(keeper)}`),
  );
  for (const { relation, routine } of owned) {
    if (relation !== null) await takeBackRights(session, relation);
    if (routine !== null) await stopRunning(session, routine);
  }
  const left = await ownedObjects(session, role.oid);
  if (left.length > 0) {
    throw new EngineError(
      "conflict",
      `${left[0]?.description ?? "an object"} could not be handed to the keeper`,
    );
  }
  return owned.map((object) => object.description);
}

/** Functions and types change hands only to an owner who may create in their schema: lent for this transaction. */
async function withCreate(
  session: Session,
  keeper: string,
  schemas: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const lacking = await session.rows(
    z.strictObject({ name: z.string() }),
    `SELECT n.nspname::text AS name FROM pg_namespace n WHERE n.nspname = ANY ($1::text[])
       AND NOT has_schema_privilege($2, n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'CREATE WITH GRANT OPTION')`,
    [[...new Set(schemas)], keeper],
  );
  const on = lacking.map(({ name }) => identifier(name));
  if (on.length > 0) await session.run(sql`GRANT CREATE ON SCHEMA ${list(on)} TO ${identifier(keeper)}`);
  await work();
  if (on.length > 0) await session.run(sql`REVOKE CREATE ON SCHEMA ${list(on)} FROM ${identifier(keeper)}`);
}

/** A copy of data that the account shared with others must not stay shared after its end. */
async function takeBackRights(session: Session, relation: string): Promise<void> {
  const grantees = await session.rows(
    z.strictObject({ grantee: z.string().nullable() }),
    `SELECT DISTINCT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee)::text END AS grantee
     FROM pg_class c LEFT JOIN pg_attribute t ON t.attrelid = c.oid AND t.attacl IS NOT NULL,
       LATERAL (SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT * FROM aclexplode(t.attacl)) a
     WHERE c.oid = $1::regclass AND a.grantee <> c.relowner`,
    [relation],
  );
  if (grantees.length === 0) return;
  const from = grantees.map(({ grantee }) => (grantee === null ? "PUBLIC" : identifier(grantee)));
  // The server wrote this name itself, quoted where needed (regclass).
  await session.run(sql`REVOKE ALL ON ${relation} FROM ${list(from)} CASCADE`);
}

/**
 * Everybody may run a new function unless somebody says otherwise, and one that is called like a common one is run by
 * mistake, with the rights of whoever runs it: nobody may any more.
 */
async function stopRunning(session: Session, routine: string): Promise<void> {
  const grantees = await session.rows(
    z.strictObject({ grantee: z.string().nullable() }),
    `SELECT DISTINCT CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee)::text END AS grantee
     FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     WHERE p.oid = $1::regprocedure AND a.grantee <> p.proowner`,
    [routine],
  );
  if (grantees.length === 0) return;
  const from = grantees.map(({ grantee }) => (grantee === null ? "PUBLIC" : identifier(grantee)));
  await session.run(sql`REVOKE ALL ON ROUTINE ${routine} FROM ${list(from)} CASCADE`);
}
