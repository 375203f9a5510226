import type { AccountPlan } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import type pg from "pg";
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
