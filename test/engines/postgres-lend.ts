import type { AccountPlan } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import type pg from "pg";
import { expect } from "vitest";
import { newPassword, type World } from "./postgres-world.ts";

export type Lent = {
  plan: AccountPlan;
  password: string;
  serverId: number;
  notGranted: string[];
  /** A session of the account in its database. */
  client: pg.Client;
  /** Another one. */
  login: (database?: string) => Promise<pg.Client>;
};

/** Provisions, verifies and logs in; sessions are closed with the server at the latest. */
export async function lend(world: World, changes: Partial<AccountPlan> = {}): Promise<Lent> {
  const plan = world.plan(changes);
  const password = newPassword();
  const { serverId, notGranted } = await postgres.provision(world.target, plan, password);
  await postgres.verifyLogin(world.target, plan, password);
  const login = (database = plan.database) => world.connect({ username: plan.name, password }, database);
  return { plan, password, serverId, notGranted, client: await login(), login };
}

export function revoke(world: World, { plan, serverId }: Lent) {
  return postgres.revoke(world.target, { ...plan, serverId });
}

/** Absent by what the engine says, by the server's own catalogue, and by trying. */
export async function expectGone(world: World, { plan, serverId, login }: Lent): Promise<void> {
  expect(await postgres.isAbsent(world.target, plan.name)).toBe(true);
  const left = await world.byHand(
    "postgres",
    `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE usesysid = ${serverId}) AS sessions,
       (SELECT count(*)::int FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = ${serverId}) AS dependencies,
       (SELECT count(*)::int FROM pg_auth_members WHERE member = ${serverId} OR roleid = ${serverId}) AS memberships,
       (SELECT count(*)::int FROM pg_prepared_xacts WHERE owner = '${plan.name}') AS prepared`,
  );
  expect(left).toEqual([{ sessions: 0, dependencies: 0, memberships: 0, prepared: 0 }]);
  await expect(login()).rejects.toMatchObject({ code: "28P01" });
}
