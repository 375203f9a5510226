import { type AccountRef, EngineError, type Target } from "../engine.ts";
import type { Cleaning } from "./batches.ts";
import { closeLeftovers } from "./close-leftovers.ts";
import { asAdministrator, inTransaction } from "./connection.ts";
import { dropOwned, revokeGiven } from "./given-rights.ts";
import { cleanGroups } from "./group-leftovers.ts";
import { keeperName } from "./names.ts";
import type { VisitedDatabase } from "./owned.ts";
import { rollBackPrepared } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";
import { refusalOf } from "./refusal.ts";
import { claimAccount, proveAccount } from "./role.ts";
import { majorVersion } from "./server-version.ts";
import { tidyKeeper } from "./tidy-keeper.ts";

/**
 * Leaves nothing in one database that depends on the account: finishes its prepared transactions, closes what it left,
 * and revokes what it was given, which others can hold up. Begins nothing new after the deadline, by performance.now().
 * Returns what is kept.
 */
export async function cleanDatabase(
  target: Target,
  account: AccountRef,
  database: VisitedDatabase,
  deadline: number,
): Promise<string[]> {
  if (!database.acceptsConnections) {
    throw new EngineError("permission", `database ${database.name} accepts no connections`, {
      remedy: [sql`ALTER DATABASE ${identifier(database.name)} ALLOW_CONNECTIONS true;`],
    });
  }
  return asAdministrator(target, database.name, async (session) => {
    const proven = await proveAccount(session, target, account);
    if (proven !== undefined) await rollBackPrepared(session, proven.name);
    if ((await majorVersion(session)) < 16) await cleanGroups(session, target, deadline);
    const claim = () => claimAccount(session, target, account);
    const role = await inTransaction(session, claim);
    if (role === undefined) return [];
    const cleaning: Cleaning = {
      session,
      role,
      keeper: keeperName(target.stack),
      claim: async () => (await claim()) !== undefined,
      deadline,
      waits: { timeouts: 0, failure: undefined },
    };
    let kept: string[] = [];
    let failure: Error | undefined;
    try {
      kept = await closeLeftovers(cleaning);
    } catch (error) {
      if (!(error instanceof Error) || performance.now() >= deadline) throw error;
      failure = error;
    }
    const refusal = await revokeGiven(cleaning, target.stack);
    failure ??= refusal;
    if (failure !== undefined) throw failure;
    await dropOwned(cleaning, target.stack);
    // Of the account nothing is left by now: what came to the keeper before waits for the next one.
    await refusalOf(`tidying database ${database.name}`, () => tidyKeeper(cleaning));
    return kept.map((description) => `${session.database}: ${description}`);
  });
}
