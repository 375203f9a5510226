import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "./connection.ts";
import { errorNumber } from "./failure.ts";
import { isOneOf, type Prepared, preparedTransactions } from "./prepared.ts";
import { readPreparedBefore } from "./prepared-before.ts";

/** `unknown`: the server does not let us look. `left` may be the account's, or an application's: nobody can tell. */
export type Settled = { rolledBack: number; left: readonly Prepared[]; isUnknown: boolean };

const patienceMs = 3_000;
const nothing: Settled = { rolledBack: 0, left: [], isUnknown: false };

/**
 * Rolls back what the account's sessions prepared (`authors`), and waits a moment for what others prepared since the
 * account was made, since an application finishes its own at once. What is left then is never rolled back on a guess:
 * half of somebody's transaction over two servers may hang on it.
 */
export async function settlePrepared(
  session: Session,
  stack: string,
  name: string,
  authors: ReadonlySet<string>,
): Promise<Settled> {
  const before = await readPreparedBefore(session, stack, name);
  if (before === undefined) return nothing;
  let rolledBack = 0;
  const startedAt = performance.now();
  for (;;) {
    const found = await preparedTransactions(session);
    if (found === undefined) return { rolledBack, left: [], isUnknown: true };
    const since = found.filter(({ rollBack }) => !before.has(rollBack));
    for (const one of since.filter((prepared) => isOneOf(prepared, authors))) {
      if (await rollBack(session, one)) rolledBack += 1;
    }
    if (since.length === 0) return { rolledBack, left: [], isUnknown: false };
    if (performance.now() - startedAt > patienceMs) return { rolledBack, left: since, isUnknown: false };
    await sleep(50);
  }
}

/** False when somebody finished it meanwhile, or its session is still being ended. */
async function rollBack(session: Session, { rollBack: text }: Prepared): Promise<boolean> {
  try {
    await session.run(text);
    return true;
  } catch (error) {
    if (errorNumber(error) !== 1397) throw error;
    return false;
  }
}
