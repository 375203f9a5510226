import { z } from "zod";
import { type AccountPlan, EngineError, type Target } from "../engine.ts";
import { asAccount } from "./connection.ts";
import { groupRights, parseMarker } from "./names.ts";
import { requirePlan } from "./plan.ts";

/** Logs in as the account would, and proves that it is itself, in its database, and a member of that database's groups. */
export async function verifyLogin(target: Target, plan: AccountPlan, password: string): Promise<void> {
  requirePlan(plan);
  await target.sessions?.makeRoom();
  const [found] = await asAccount(
    target.server,
    { username: plan.name, password },
    plan.database,
    (session) => session.rows(loginRow, loginQuery),
  );
  const rights = found?.markers.flatMap((comment) => {
    const marker = parseMarker(comment);
    const isHere = marker?.kind === "group" && marker.home?.oid === found.oid;
    return isHere && marker.stack === target.stack ? [marker.right] : [];
  });
  const expected = groupRights(plan.level);
  const holdsRights = rights?.length === expected.length && expected.every((right) => rights.includes(right));
  if (found?.user !== plan.name || found.database !== plan.database || !holdsRights) {
    throw new EngineError("conflict", `account ${plan.name} can log in but does not hold its rights`);
  }
}

const loginRow = z.strictObject({
  user: z.string(),
  database: z.string(),
  oid: z.number(),
  markers: z.array(z.string().nullable()),
});

// Which groups it is in was proven by the mint; the account can read no more than their markers.
const loginQuery = `
SELECT session_user::text AS user, d.datname::text AS database, d.oid,
  ARRAY(SELECT shobj_description(r.oid, 'pg_authid') FROM pg_roles r
    WHERE r.rolname LIKE 'daypass\\_%' AND pg_has_role(r.oid, 'USAGE')) AS markers
FROM pg_database d WHERE d.datname = current_database()`;
