import type { DatabaseView } from "@daypass/core/catalog/catalog.view.ts";
import type { GrantState, GrantView } from "@daypass/core/grant/grant.view.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behind } from "./behind.ts";
import { Person } from "./person.ts";
import { accountsOn, psql, runPsql } from "./psql.ts";
import { System, until } from "./system.ts";

let system: System;
let engineer: Person;
let lead: Person;
let auditor: Person;
let shop: DatabaseView;
beforeAll(async () => {
  system = await System.create();
  // Signed in once: sessions outlive the process as well.
  engineer = await Person.signIn(system.url, "erin-vale");
  lead = await Person.signIn(system.url, "tomoko-lind");
  auditor = await Person.signIn(system.url, "oscar-brandt");
  shop = await engineer.database("shop", "production");
});
afterAll(() => system?.close());

/** Each story ends the same way, wherever it was cut: one account at most, revoked at its end, told once. */
describe("kill -9 of the whole system, and start again", () => {
  test("while a request is pending: it is still pending, and can be approved", async () => {
    const request = await engineer.ask(shop.id);
    await system.kill();
    await system.start();
    expect((await lead.approve(request.id)).status).toBe("approved");
    await endedByHolder(grantOf(request.id));
  });

  test.each([0, 40, 120, 250, 500])(
    "%i ms after the approval: the account comes, once, and goes",
    async (ms) => {
      const request = await engineer.ask(shop.id, { durationMinutes: 30 });
      await lead.approve(request.id);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await system.kill();
      await system.start();
      await endedByHolder(grantOf(request.id));
    },
  );

  test("while access runs, past its end: the account is revoked as soon as the system is back", async () => {
    const grant = await running(1);
    const { psql: line } = await engineer.credential(grant.id);
    await system.kill();
    expect((await psql(line, "select 1")).stdout).toBe("1");
    await new Promise((resolve) => setTimeout(resolve, Date.parse(grant.endsAt ?? "") + 1_000 - Date.now()));
    // The database's own switch needs nobody: it refuses the login although everything of ours is down.
    expect((await psql(line, "select 1")).stderr).toMatch(/password authentication failed/);
    await system.start();
    await endsRevoked(grant.id);
  });

  test.each([0, 60, 200])("%i ms after the holder ended it: it is revoked all the same", async (ms) => {
    const grant = await running(30);
    await engineer.post(`/api/grants/${grant.id}/end`);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await system.kill();
    await system.start();
    await endsRevoked(grant.id);
  });
});

test("PostgreSQL stopped at the end: the grant says why it is not revoked, and is within 5 min of its return", async () => {
  const grant = await running(1);
  await system.stopPostgres();
  const stuck = await until("a visible failure", 120, async () => {
    const now = await engineer.grant(grant.id);
    return now.failure ? now : undefined;
  });
  expect(stuck).toMatchObject({ state: "revoking", failure: { step: "revoke", reason: "unreachable" } });
  await system.startPostgres();
  await engineer.grantIn(grant.id, ["revoked"], 300);
  await endsRevoked(grant.id);
});

test("an open session dies although the process that should end it was killed and came back", async () => {
  const grant = await running(1);
  const session = runPsql((await engineer.credential(grant.id)).psql, "select pg_sleep(600)").ended;
  await system.kill();
  await system.start();
  const { endedAt } = await session;
  expect(endedAt - Date.parse(grant.endsAt ?? "")).toBeLessThan(120_000);
  await endsRevoked(grant.id);
});

function grantOf(requestId: string): Id<"grant"> {
  return requestId.replace("req_", "grt_") as Id<"grant">;
}

async function running(minutes: number): Promise<GrantView> {
  const request = await engineer.ask(shop.id, { durationMinutes: minutes });
  await lead.approve(request.id);
  return engineer.grantIn(grantOf(request.id), ["active"], 60);
}

/** The account comes and works, and goes when its holder is done. */
async function endedByHolder(id: Id<"grant">): Promise<void> {
  await engineer.grantIn(id, ["active"], 180);
  expect((await psql((await engineer.credential(id)).psql, "select 1")).stdout).toBe("1");
  await engineer.post(`/api/grants/${id}/end`);
  await endsRevoked(id);
}

/** Revoked, absent on the server, its secret gone, and each step told once. */
async function endsRevoked(id: string): Promise<void> {
  const grant = await engineer.grantIn(id, ["revoked"] satisfies GrantState[], 240);
  const inside = await behind(system);
  expect(await accountsOn(await inside.administrator())).not.toContain(grant.account);
  expect((await inside.secretNames()).filter((name) => name.endsWith(id))).toEqual([]);
  const told = (await auditor.events(`subject=${id}`)).map(({ operation }) => operation);
  for (const once of ["request.create", "request.review", "grant.activate", "grant.finish"]) {
    expect(
      told.filter((name) => name === once),
      `${once} of ${id}`,
    ).toHaveLength(1);
  }
}
