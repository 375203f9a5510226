import { z } from "zod";
import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { keeperName } from "./names.ts";
import { ownedObjects, type VisitedDatabase } from "./owned.ts";
import { identifier, list, literal, sql } from "./quote.ts";
import { proveAccount, type Role } from "./role.ts";

/**
 * Leaves nothing in one database that depends on the account: finishes its prepared transactions, hands what it owns
 * to the keeper without the rights it gave on it, and drops what it was granted. Returns what the keeper received.
 */
export async function cleanDatabase(
  target: Target,
  account: AccountRef,
  database: VisitedDatabase,
): Promise<string[]> {
  if (!database.acceptsConnections) {
    throw new EngineError("permission", `database ${database.name} accepts no connections`, {
      remedy: [sql`ALTER DATABASE ${identifier(database.name)} ALLOW_CONNECTIONS true;`],
    });
  }
  return asAdministrator(target, database.name, async (session) => {
    await rollBackPrepared(session, target, account);
    return inTransaction(session, async () => {
      const role = await proveAccount(session, target, account);
      return role === undefined ? [] : handOver(session, target, role);
    });
  });
}

/** A prepared transaction holds its locks for ever, and DROP ROLE waits for it; only its owner may end it. */
async function rollBackPrepared(session: Session, target: Target, account: AccountRef): Promise<void> {
  const role = await proveAccount(session, target, account);
  if (role === undefined) return;
  const prepared = await session.rows(
    z.strictObject({ gid: z.string() }),
    "SELECT gid FROM pg_prepared_xacts WHERE owner = $1 AND database = current_database()",
    [role.name],
  );
  if (prepared.length === 0) return;
  await session.run(sql`SET ROLE ${identifier(role.name)}`);
  for (const { gid } of prepared) await session.run(sql`ROLLBACK PREPARED ${literal(gid)}`);
  await session.run("RESET ROLE");
}

async function handOver(session: Session, target: Target, role: Role): Promise<string[]> {
  const name = identifier(role.name);
  const keeper = keeperName(target.stack);
  const owned = await ownedObjects(session, role.oid);
  if (owned.length > 0) {
    await withCreate(
      session,
      keeper,
      owned.flatMap((object) => object.schema ?? []),
      async () => {
        await session.run(sql`REASSIGN OWNED BY ${name} TO ${identifier(keeper)}`);
      },
    );
    for (const { relation } of owned) if (relation !== null) await takeBackRights(session, relation);
    const left = await ownedObjects(session, role.oid);
    if (left.length > 0) {
      throw new EngineError(
        "conflict",
        `${left[0]?.description ?? "an object"} could not be handed to the keeper`,
      );
    }
  }
  await session.run(sql`DROP OWNED BY ${name}`);
  return owned.map((object) => `${session.database}: ${object.description}`);
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
