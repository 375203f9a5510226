import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { isAccountName } from "./names.ts";
import { findRenamed, findRole } from "./role.ts";

/** Looks in a session of its own: no role of that name, and none that carries its marker under another name. */
export async function isAbsent(target: Target, name: string): Promise<boolean> {
  if (!isAccountName(name)) throw new EngineError("invalid", "an account name is dp_ and a lower-case ULID");
  return asAdministrator(target, target.maintenanceDatabase, (session) =>
    looksAbsent(session, target.stack, name),
  );
}

export async function looksAbsent(session: Session, stack: string, name: string): Promise<boolean> {
  if ((await findRole(session, name)) !== undefined) return false;
  return (await findRenamed(session, stack, name)) === undefined;
}

/** The server's own clock, in epoch milliseconds. */
export async function serverClockMs(session: Session): Promise<number> {
  const [row] = await session.rows(
    z.strictObject({ now: z.number() }),
    "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now",
  );
  if (row === undefined) throw new EngineError("other", "the server did not tell the time");
  return row.now;
}
