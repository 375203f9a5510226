import { z } from "zod";
import { type AccountPlan, EngineError, type Target } from "../engine.ts";
import { asAccount } from "./connection.ts";
import { groupName, groupRights } from "./names.ts";
import { requirePlan } from "./plan.ts";

/** Logs in as the account would, and proves that it is itself, in its database, and a member of its groups. */
export async function verifyLogin(target: Target, plan: AccountPlan, password: string): Promise<void> {
  requirePlan(plan);
  await target.sessions?.makeRoom();
  const groups = groupRights(plan.level).map((right) =>
    groupName(target.stack, plan.database, right, plan.scope),
  );
  const rows = await asAccount(target.server, { username: plan.name, password }, plan.database, (session) =>
    session.rows(
      z.strictObject({ user: z.string(), database: z.string(), groups: z.number() }),
      `SELECT session_user::text AS user, current_database()::text AS database,
           (SELECT count(*)::int FROM pg_roles r WHERE r.rolname = ANY ($1::text[]) AND pg_has_role(r.oid, 'USAGE')) AS groups`,
      [groups],
    ),
  );
  const [found] = rows;
  if (found?.user !== plan.name || found.database !== plan.database || found.groups !== groups.length) {
    throw new EngineError("conflict", `account ${plan.name} can log in but does not hold its rights`);
  }
}
