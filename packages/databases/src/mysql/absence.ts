import { isAccountName } from "../account-name.ts";
import { EngineError, type Target } from "../engine.ts";
import { findAccounts, findRenamed } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";

/** Looks in a session of its own: no account of that name on any host, and none that carries its mark elsewhere. */
export async function isAbsent(target: Target, name: string): Promise<boolean> {
  if (!isAccountName(name)) throw new EngineError("invalid", "an account name is dp_ and a lower-case ULID");
  return asAdministrator(target, (session) => looksAbsent(session, target.stack, name));
}

export async function looksAbsent(session: Session, stack: string, name: string): Promise<boolean> {
  if ((await findAccounts(session, name)).length > 0) return false;
  return (await findRenamed(session, stack, name)) === undefined;
}
