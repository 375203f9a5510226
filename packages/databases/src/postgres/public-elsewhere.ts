import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { acceptsConnections, cloudInternal } from "./databases.ts";
import { sqlState, toEngineError } from "./failure.ts";
import { closeDatabase } from "./install.ts";
import { publicSchemasQuery, publicTablesQuery } from "./preflight-database.ts";

/**
 * Every account can connect to the databases that let everybody in, and has there what everybody has. The mint refuses
 * when that is more than nothing, as it does for its own database: see assert-rights.ts.
 */
export async function assertNothingPublicElsewhere(
  session: Session,
  target: Target,
  home: number,
): Promise<void> {
  const open = await session.rows(openRow, openQuery, [home, cloudInternal, target.maintenanceDatabase]);
  for (const { name, owner } of open) {
    const remedy = closeDatabase(name, [owner], target.administrator.username);
    const found = await lookInto(target, name, remedy);
    if (found.length === 0) continue;
    const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
    throw new EngineError(
      "permission",
      `everybody can connect to database ${name} and has rights there: ${found.slice(0, 3).join(", ")}${more}`,
      { remedy },
    );
  }
}

/** What cannot be looked at is not known to be harmless: the mint refuses, and closing the database mends it. */
async function lookInto(target: Target, database: string, remedy: readonly string[]): Promise<string[]> {
  try {
    return await publicIn(target, database);
  } catch (error) {
    // Dropped meanwhile.
    if (sqlState(error) === "3D000") return [];
    const failure = toEngineError(error, `looking into database ${database}`);
    // Too many connections (53300) can be those of this database alone.
    if (failure.kind === "unreachable" && sqlState(error) !== "53300") throw failure;
    throw new EngineError(
      "permission",
      `everybody can connect to database ${database}, and it could not be looked into: ${failure.message}`,
      { cause: error, remedy },
    );
  }
}

/** Kept sessions would stand in the way of whoever copies, renames or drops such a database: later steps need but one. */
async function publicIn(target: Target, database: string): Promise<string[]> {
  const { sessions, ...alone } = target;
  const isKept = database === target.maintenanceDatabase;
  if (!isKept) await sessions?.makeRoom();
  return asAdministrator(isKept ? target : alone, database, async (session) => {
    const schemas = await session.rows(z.strictObject({ name: z.string() }), publicSchemasQuery);
    const tables = await session.rows(
      z.strictObject({ name: z.string(), quoted: z.string() }),
      publicTablesQuery,
    );
    return [
      ...schemas.map(({ name }) => `CREATE on schema ${name}`),
      ...tables.map(({ name }) => `table ${name}`),
    ];
  });
}

const openRow = z.strictObject({ name: z.string(), owner: z.string() });

const openQuery = `
SELECT d.datname::text AS name, pg_get_userbyid(d.datdba)::text AS owner FROM pg_database d
WHERE d.oid <> $1 AND ${acceptsConnections} AND NOT d.datname = ANY ($2::text[])
  AND EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')
ORDER BY d.datname = $3, d.datname`;
