import { type AccountPlan, EngineError, type Target } from "../engine.ts";
import type { Account } from "./accounts.ts";
import type { Session } from "./connection.ts";
import { isRefusal } from "./failure.ts";
import { grantDatabaseRights } from "./install.ts";
import { account as quoted, sequence, sql } from "./quote.ts";
import { grantStatements, type Right } from "./rights.ts";
import { compareGrants, showGrants } from "./show-grants.ts";

/** So many statements travel together. Others who change accounts or log in wait for one of them, not for all. */
const grantsPerTrip = 200;

/** Gives an account the rights that it lacks, and first takes all of them when it has others. May be repeated: what an
 * attempt that broke off has given is kept. `beforeTrip` runs before each trip to the server. */
export async function giveRights(
  session: Session,
  target: Target,
  plan: Pick<AccountPlan, "database" | "level">,
  account: Account,
  rights: readonly Right[],
  beforeTrip: () => Promise<void>,
): Promise<void> {
  const { extra, toGive } = compareGrants(await showGrants(session, account), rights, session.dialect);
  if (extra.length > 0) {
    await session.run(sql`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${quoted(account.name, account.host)}`);
  }
  const lacking = extra.length > 0 ? rights : toGive;
  const statements = grantStatements(lacking, account.name, account.host, session.dialect);
  try {
    for (let from = 0; from < statements.length; from += grantsPerTrip) {
      await beforeTrip();
      await session.run(sequence(statements.slice(from, from + grantsPerTrip)));
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw cannotLend(session, target, plan, error);
  }
}

export function cannotLend(
  session: Session,
  target: Target,
  { level, database }: Pick<AccountPlan, "database" | "level">,
  cause?: unknown,
): EngineError {
  const administrator = target.administrator.username;
  return new EngineError(
    "permission",
    `the administrator cannot lend the rights of level ${level} in database ${database}`,
    { cause, remedy: [grantDatabaseRights(session.dialect, administrator, database, level)] },
  );
}
