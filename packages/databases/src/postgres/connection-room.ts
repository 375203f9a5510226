import { z } from "zod";
import { type ConnectionRoom, EngineError, type Target } from "../engine.ts";
import { asAdministrator } from "./connection.ts";
import { accountNamePattern } from "./names.ts";

/** What the server takes, and what it has lent already. An account without a limit may use all of it. */
export async function connectionRoom(target: Target, except = ""): Promise<ConnectionRoom> {
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const [row] = await session.rows(roomRow, roomQuery, [accountNamePattern.source, except]);
    if (row === undefined)
      throw new EngineError("other", "the server did not say how many connections it takes");
    return row;
  });
}

const roomRow = z.strictObject({ max: z.number(), reserved: z.number(), lent: z.number() });

// PostgreSQL 15 has no reserved_connections. An account that is denied login has a limit of 0.
const roomQuery = `
SELECT max, reserved,
  (SELECT coalesce(sum(CASE WHEN r.rolconnlimit < 0 THEN max ELSE r.rolconnlimit END), 0)::int
   FROM pg_roles r WHERE r.rolcanlogin AND r.rolname ~ $1 AND r.rolname <> $2) AS lent
FROM (SELECT current_setting('max_connections')::int AS max,
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved) AS server`;
