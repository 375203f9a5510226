import { z } from "zod";
import { type AccountPlan, EngineError, type Target } from "../engine.ts";
import { asAccount, asAdministrator } from "./connection.ts";
import { anyHost } from "./names.ts";
import { requirePlan } from "./plan.ts";
import { findEntry } from "./register.ts";
import { compareGrants, showGrants } from "./show-grants.ts";

/** Logs in as the account would, and proves that it is itself, in its database, and holds the rights that it was given. */
export async function verifyLogin(target: Target, plan: AccountPlan, password: string): Promise<void> {
  requirePlan(plan);
  const entry = await asAdministrator(target, (session) => findEntry(session, target.stack, plan.name));
  if (entry?.grantId !== plan.grantId) {
    throw new EngineError("conflict", `account ${plan.name} is not in the register as that of this grant`);
  }
  const login = { username: plan.name, password };
  await asAccount(target.server, login, plan.database, async (session) => {
    const [found] = await session.rows(
      z.strictObject({ user: z.string(), database: z.string() }),
      "SELECT CURRENT_USER() AS user, DATABASE() AS `database`",
    );
    // An anonymous account, or one for a nearer host, can take a login in place of the one that was made.
    if (found?.user !== `${plan.name}@${anyHost}` || found.database !== plan.database) {
      throw new EngineError("conflict", `a login as ${plan.name} becomes ${found?.user ?? "nobody"}`);
    }
    const { missing } = compareGrants(await showGrants(session, "me"), entry.rights, session.dialect);
    if (missing.length > 0) {
      throw new EngineError("conflict", `account ${plan.name} can log in but does not hold its rights`);
    }
  });
}
