import { isAccountName } from "../account-name.ts";
import { EngineError, type Target } from "../engine.ts";
import { findAccounts, findRenamed } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { countSessions } from "./sessions.ts";

/** Looks in a session of its own: no account of that name on any host, none that carries its mark elsewhere, and no
 * session of it, which may outlive the account. */
export async function isAbsent(target: Target, name: string): Promise<boolean> {
  if (!isAccountName(name)) throw new EngineError("invalid", "an account name is dp_ and a lower-case ULID");
  return asAdministrator(target, (session) => looksAbsent(session, target, name));
}

export async function looksAbsent(session: Session, target: Target, name: string): Promise<boolean> {
  if ((await findAccounts(session, name)).length > 0) return false;
  if ((await findRenamed(session, target.stack, name)) !== undefined) return false;
  const sessions = await countSessions(session, target.administrator.username, name);
  // Not seen is not none.
  return sessions === 0;
}
