import { z } from "zod";
import { type AccountPlan, EngineError, type Provisioned, type Target } from "../engine.ts";
import { createAccountStatements, refreshAccountStatements } from "./account-sql.ts";
import { again } from "./again.ts";
import { assertRights } from "./assert-rights.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { type RefreshedGroup, refreshGroups } from "./groups.ts";
import { ensureKeeper } from "./keeper.ts";
import { requirePlan } from "./plan.ts";
import { retireIdleGroups } from "./retire-groups.ts";
import { claimAccount, findRole } from "./role.ts";
import { scramVerifier } from "./scram.ts";
import { majorVersion } from "./server-version.ts";

/** Makes the account in one transaction, or brings the one that this grant has already up to the plan. */
export async function provision(target: Target, plan: AccountPlan, password: string): Promise<Provisioned> {
  requirePlan(plan);
  const verifier = await scramVerifier(password);
  return asAdministrator(target, plan.database, async (session) => {
    const version = await majorVersion(session);
    return again(async () => {
      await ensureKeeper(session, target.stack, version);
      const groups = await refreshGroups(session, target, plan);
      await retireIdleGroups(
        session,
        target,
        groups.map((group) => group.name),
      );
      const serverId = await inTransaction(session, () =>
        mint(session, target, plan, groups, verifier, version),
      );
      return {
        serverId,
        groups: groups.map((group) => group.name),
        notGranted: [...new Set(groups.flatMap((group) => group.notGranted))],
        deadManSwitch: "login",
      };
    });
  });
}

async function mint(
  session: Session,
  target: Target,
  plan: AccountPlan,
  groups: readonly RefreshedGroup[],
  verifier: string,
  version: number,
): Promise<number> {
  await requireFuture(session, plan);
  const existing = await claimAccount(session, target, plan);
  // A late duplicate must not open again what a revocation has closed.
  if (existing !== undefined && !existing.canLogin) {
    throw new EngineError("conflict", `account ${plan.name} was denied login already: its grant is ending`);
  }
  const details = { stack: target.stack, version, groups: groups.map((group) => group.name), verifier };
  const statements =
    existing === undefined ? createAccountStatements(plan, details) : refreshAccountStatements(plan, details);
  for (const text of statements) await session.run(text);
  await assertRights(session, plan, groups);
  const account = await findRole(session, plan.name);
  if (account === undefined)
    throw new EngineError("other", `account ${plan.name} vanished while it was made`);
  return account.oid;
}

async function requireFuture(session: Session, plan: AccountPlan): Promise<void> {
  const [row] = await session.rows(
    z.strictObject({ ended: z.boolean() }),
    "SELECT clock_timestamp() >= to_timestamp($1::float8 / 1000) AS ended",
    [plan.expiresAtMs],
  );
  if (row?.ended !== false) throw new EngineError("invalid", "the end has passed by the database's clock");
}
