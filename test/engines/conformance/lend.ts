import { randomBytes } from "node:crypto";
import type { AccountPlan } from "@daypass/databases/engine.ts";
import { expect } from "vitest";
import type { Client, Refusal, ServerUnderTest } from "./server-under-test.ts";

export type Lent = {
  plan: AccountPlan;
  password: string;
  serverId: number;
  /** A session of the account in its database. */
  client: Client;
  /** Another one. */
  login: (database?: string) => Promise<Client>;
};

/** Provisions, verifies and logs in; sessions are closed with the server at the latest. */
export async function lend(server: ServerUnderTest, changes: Partial<AccountPlan> = {}): Promise<Lent> {
  const plan = server.plan(changes);
  const password = newPassword();
  const { serverId } = await server.engine.provision(server.target, plan, password);
  await server.engine.verifyLogin(server.target, plan, password);
  const login = (database = plan.database) => server.connect({ username: plan.name, password }, database);
  return { plan, password, serverId, client: await login(), login };
}

export function newPassword(): string {
  return randomBytes(24).toString("base64url");
}

export function revoke(server: ServerUnderTest, lent: Pick<Lent, "plan" | "serverId">) {
  return server.engine.revoke(server.target, { ...lent.plan, serverId: lent.serverId });
}

/** Absent by what the engine says, by the server's own catalogue, and by trying. */
export async function expectGone(server: ServerUnderTest, lent: Lent): Promise<void> {
  expect(await server.engine.isAbsent(server.target, lent.plan.name)).toBe(true);
  const left = await server.leftOf({ name: lent.plan.name, serverId: lent.serverId });
  for (const [what, count] of Object.entries(left)) expect(Number(count), what).toBe(0);
  expect(await refusal(server, lent.login())).toBe("login");
}

/** How the server refused; undefined when it did not. */
export async function refusal(
  server: ServerUnderTest,
  attempt: Promise<unknown>,
): Promise<Refusal | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    const refused = server.refusalOf(error);
    // The words of a refusal that nobody expected are worth more than its class.
    if (refused === "other") throw error;
    return refused;
  }
}
