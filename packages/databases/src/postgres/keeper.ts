import { z } from "zod";
import { EngineError } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { keeperName } from "./names.ts";
import { identifier, sql } from "./quote.ts";
import { ensureRole } from "./role.ts";

/**
 * The keeper owns what temporary accounts leave behind. It is a member of nothing, so that a view or a function
 * left behind by an account reads nothing any more. REASSIGN OWNED asks of the administrator to be its member.
 */
export async function ensureKeeper(session: Session, stack: string, version: number): Promise<void> {
  const name = keeperName(stack);
  const [state] = await session.rows(keeperRow, keeperQuery, [name]);
  if (state === undefined || !state.administered) {
    await inTransaction(session, async () => {
      await ensureRole(session, name, { kind: "keeper", stack });
      await session.run(
        version >= 16
          ? sql`GRANT ${identifier(name)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`
          : sql`GRANT ${identifier(name)} TO CURRENT_USER`,
      );
    });
  } else {
    await ensureRole(session, name, { kind: "keeper", stack });
  }
  if (state !== undefined && state.memberships > 0) {
    throw new EngineError(
      "conflict",
      `the keeper role ${name} was made a member of other roles; it must hold no right`,
    );
  }
}

const keeperRow = z.strictObject({ administered: z.boolean(), memberships: z.number() });

const keeperQuery = `SELECT pg_has_role(current_user, r.oid, 'USAGE') AS administered,
  (SELECT count(*)::int FROM pg_auth_members m WHERE m.member = r.oid) AS memberships
  FROM pg_roles r WHERE r.rolname = $1`;
