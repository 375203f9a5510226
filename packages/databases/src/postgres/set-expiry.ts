import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { requireInstant } from "../plan-limits.ts";
import { expiryStatement } from "./account-sql.ts";
import { again } from "./again.ts";
import { asAdministrator, inTransaction } from "./connection.ts";
import { claimAccount } from "./role.ts";

/** The account can lock its own row; with all attempts this is as long as anyone else on its server waits for that. */
const waitMs = 500;

/** Moves the instant after which the server refuses the account's logins; sessions that are open stay open. */
export async function setExpiry(target: Target, account: AccountRef, expiresAtMs: number): Promise<void> {
  requireInstant(expiresAtMs);
  await asAdministrator(target, target.maintenanceDatabase, (session) =>
    again(() =>
      inTransaction(
        session,
        async () => {
          const role = await claimAccount(session, target, account);
          if (role === undefined) throw new EngineError("conflict", `account ${account.name} does not exist`);
          if (!role.canLogin)
            throw new EngineError("conflict", `account ${account.name} was denied login already`);
          await session.run(expiryStatement(account.name, expiresAtMs));
        },
        waitMs,
      ),
    ),
  );
}
