import { z } from "zod";
import type { Session } from "./connection.ts";
import { matchesPattern } from "./names.ts";
import { sql } from "./quote.ts";
import { showGrants } from "./show-grants.ts";

export type EverybodysRight = { sentence: string; statement: string };

/**
 * Rights that every account has just by being there: MariaDB's PUBLIC, MySQL's mandatory roles, and database rights of
 * the anonymous user, which count for every user (`test` on a stock server). Even those that a grant gives as well are
 * too many: a session keeps them after its account was dropped.
 */
export async function everybodysRights(session: Session): Promise<EverybodysRight[]> {
  return [
    ...(await ofPublic(session)),
    ...(await ofMandatoryRoles(session)),
    ...(await ofAnonymous(session)),
  ];
}

async function ofPublic(session: Session): Promise<EverybodysRight[]> {
  if (!session.dialect.hasPublic) return [];
  const grants = await showGrants(session, "PUBLIC");
  return grants.flatMap(({ privileges, object }) => {
    const beyond = privileges.filter((one) => one !== "USAGE");
    if (beyond.length === 0) return [];
    const what = object === "" ? beyond.join(", ") : `${beyond.join(", ")} on ${object}`;
    const statement =
      object === "" ? "SHOW GRANTS FOR PUBLIC;" : `REVOKE ${beyond.join(", ")} ON ${object} FROM PUBLIC;`;
    return [{ sentence: `everybody has ${what}`, statement }];
  });
}

/** Any account can take such a role on, whatever it was given itself. */
async function ofMandatoryRoles(session: Session): Promise<EverybodysRight[]> {
  if (session.dialect.flavour === "mariadb") return [];
  const [row] = await session.rows(
    z.strictObject({ roles: z.string() }),
    "SELECT @@mandatory_roles AS roles",
  );
  if (row === undefined || row.roles === "") return [];
  return [
    {
      sentence: `everybody has the roles that are mandatory on this server (${row.roles})`,
      statement: "SET PERSIST mandatory_roles = '';",
    },
  ];
}

async function ofAnonymous(session: Session): Promise<EverybodysRight[]> {
  const patterns = await session.rows(
    z.strictObject({ pattern: z.string() }),
    "SELECT DISTINCT CAST(Db AS CHAR) AS pattern FROM mysql.db WHERE User = '' AND NOT Db = '' ORDER BY 1",
  );
  if (patterns.length === 0) return [];
  const databases = await session.rows(
    z.strictObject({ name: z.string() }),
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA",
  );
  return patterns.flatMap(({ pattern }) => {
    const opened = databases.filter(({ name }) =>
      session.dialect.plainDatabaseNames ? name === pattern : matchesPattern(pattern, name),
    );
    return opened.map(({ name }) => ({
      sentence: `everybody has rights on database ${name} (pattern ${pattern} of the anonymous user)`,
      statement: sql`DELETE FROM mysql.db WHERE User = ''; FLUSH PRIVILEGES;`,
    }));
  });
}
