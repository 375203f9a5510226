import { type Cleaning, runInBatches } from "./batches.ts";
import { disarm } from "./disarm.ts";
import { dropLargeObjects } from "./large-objects.ts";
import { readLeftovers } from "./leftovers.ts";
import { findRole } from "./role.ts";
import { isSetAside, setAside } from "./set-aside.ts";
import { stripCode } from "./strip-code.ts";
import { withdrawRights } from "./withdraw-rights.ts";

/**
 * What came to the keeper in another way than ours, such as REASSIGN OWNED by hand or by an earlier version, still has
 * its code, its rights and its name. It loses them here; only large objects, which are copies of data, are dropped.
 * What cannot be changed now is tried again with the next account, and holds back none.
 */
export async function tidyKeeper(account: Cleaning): Promise<void> {
  const { session } = account;
  const keeper = await findRole(session, account.keeper);
  if (keeper === undefined) return;
  const cleaning = { ...account, role: keeper, claim: async () => true };
  await withdrawRights(cleaning, "given");
  await dropLargeObjects(cleaning);
  if (await isSetAside(cleaning)) return;
  await withdrawRights(cleaning, "all");
  const { keep, drop } = await readLeftovers(session, keeper.oid);
  await runInBatches(cleaning, await stripCode(session, keeper, [...keep, ...drop]));
  await runInBatches(cleaning, await disarm(session, [...keep, ...drop]));
  await setAside(cleaning);
}
