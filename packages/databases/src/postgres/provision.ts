import { z } from "zod";
import { type AccountPlan, EngineError, type Provisioned, type Target } from "../engine.ts";
import { createAccountStatements, refreshAccountStatements } from "./account-sql.ts";
import { assertRights } from "./assert-rights.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { databaseIdentity } from "./database-identity.ts";
import { type Lending, type RefreshedGroup, refreshGroups } from "./groups.ts";
import { ensureKeeper } from "./keeper.ts";
import { leaveOtherGroups } from "./other-groups.ts";
import { requirePlan } from "./plan.ts";
import { assertNothingPublicElsewhere } from "./public-elsewhere.ts";
import { retireIdleGroups } from "./retire-groups.ts";
import { claimAccount, findRole } from "./role.ts";
import { findScope } from "./scope.ts";
import { scramVerifier } from "./scram.ts";
import { majorVersion } from "./server-version.ts";
import { standInLine } from "./stand-in-line.ts";
import { assertNoStrayRights, revokeStrayRights, strayRights } from "./stray-rights.ts";

/** Makes the account in one transaction, or brings the one that this grant has already up to the plan. */
export async function provision(target: Target, plan: AccountPlan, password: string): Promise<Provisioned> {
  requirePlan(plan);
  const verifier = await scramVerifier(password);
  return asAdministrator(target, plan.database, async (session) => {
    const version = await majorVersion(session);
    const home = await databaseIdentity(session);
    await assertNothingPublicElsewhere(session, target, home.oid);
    return standInLine(session, target, async () => {
      await ensureKeeper(session, target.stack, version);
      const lending = { level: plan.level, home, scope: await findScope(session, plan.scope) };
      const groups = await refreshGroups(session, target, lending);
      const names = groups.map((group) => group.name);
      await revokeStrayRights(target, await strayRights(session, names, home.oid));
      await retireIdleGroups(session, target, home, names);
      const serverId = await inTransaction(session, () =>
        mint(session, target, plan, { lending, groups, verifier, version }),
      );
      return {
        serverId,
        groups: names,
        notGranted: [...new Set(groups.flatMap((group) => group.notGranted))],
        deadManSwitch: "login",
      };
    });
  });
}

type MintDetails = {
  lending: Lending;
  groups: readonly RefreshedGroup[];
  verifier: string;
  version: number;
};

async function mint(
  session: Session,
  target: Target,
  plan: AccountPlan,
  { lending, groups, verifier, version }: MintDetails,
): Promise<number> {
  await requireFuture(session, plan);
  const existing = await claimAccount(session, target, plan);
  // A late duplicate must not open again what a revocation has closed.
  if (existing !== undefined && !existing.canLogin) {
    throw new EngineError("conflict", `account ${plan.name} was denied login already: its grant is ending`);
  }
  if (existing !== undefined) await leaveOtherGroups(session, target, existing, lending.home, groups);
  const details = { stack: target.stack, version, groups: groups.map((group) => group.name), verifier };
  const statements =
    existing === undefined ? createAccountStatements(plan, details) : refreshAccountStatements(plan, details);
  for (const text of statements) await session.run(text);
  await assertRights(session, plan, groups);
  await assertNoStrayRights(session, target, details.groups, lending.home.oid);
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
