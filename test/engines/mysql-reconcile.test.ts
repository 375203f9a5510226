import type { AccountServer, BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { accountName, type Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import type { Target } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { newPassword } from "@daypass/functions/data-plane/new-password.ts";
import { engineScope } from "@daypass/functions/engine-scope.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createStory, type Story, sweeper } from "../integration/story.ts";
import { buildMysqlWorld, type MysqlWorld } from "./mysql-world.ts";

let world: MysqlWorld;
let other: MysqlWorld;
let story: Story;
/** Where the instance's secret points. */
let target: Target;
beforeAll(async () => {
  [world, other] = [await buildMysqlWorld(), await buildMysqlWorld()];
});
afterAll(async () => {
  await Promise.all([world.remove(), other.remove()]);
});
beforeEach(async () => {
  story = await createStory();
  story.world.clock.advance({ ms: Date.now() - epochMs(story.world.clock.now()) });
  target = world.target;
});
afterEach(async () => {
  await story.world.close();
  for (const { name, grantId, serverId } of await mysql.listAccounts(world.target)) {
    await mysql.revoke(world.target, { name, grantId: grantId ?? "", serverId });
  }
});

function broker(): BrokerContext {
  return {
    ...story.server.broker(sweeper),
    newPassword,
    accountServer: async (_instance, address) =>
      serverAt({ ...target, server: { ...target.server, ...address } }),
  };
}

function serverAt(at: Target): AccountServer {
  const plan = (given: Parameters<AccountServer["provision"]>[0]) => ({
    ...given,
    database: "shop_a",
    scope: engineScope(given.scope),
  });
  return {
    address: { host: at.server.host, port: at.server.port },
    identity: () => mysql.serverIdentity(at),
    provision: (given, password) => mysql.provision(at, plan(given), password),
    verifyLogin: (given, password) => mysql.verifyLogin(at, plan(given), password),
    setExpiry: (account, expiresAtMs) => mysql.setExpiry(at, account, expiresAtMs),
    revoke: (account) => mysql.revoke(at, account),
    listAccounts: () => mysql.listAccounts(at),
    isAbsent: (name) => mysql.isAbsent(at, name),
    denyLogin: (account) => mysql.denyLogin(at, account),
    close: async () => undefined,
  };
}

async function lent(): Promise<Grant> {
  const { id } = await story.plannedGrant();
  await advanceGrant(broker(), id);
  const grant = await story.grant(id);
  expect(grant.failure).toBeUndefined();
  expect(grant.state).toBe("active");
  return grant;
}
async function reconciled() {
  const instanceId = story.registered.instance.id;
  await runReconciliation(broker(), instanceId);
  const last = await findReconciliation(story.world, instanceId);
  expect(last).toMatchObject({ status: "done" });
  return last?.differences.map(({ kind, account, action }) => [kind, account, action]);
}
const exists = async (name: string) =>
  (await mysql.listAccounts(world.target)).find((account) => account.name === name);

test("on a clean system with something lent nothing is said", async () => {
  await lent();
  expect(await reconciled()).toEqual([]);
});

test("an account of a grant that the ledger has forgotten is closed at once and dropped after a day", async () => {
  const grantId = newId("grant", { ulid: () => "01JD8Z5K3QW8R4T6Y2X9V7B1CN" });
  const name = accountName(grantId);
  const plan = {
    name,
    grantId,
    database: "shop_a",
    level: "read",
    scope: { kind: "database" },
    expiresAtMs: Date.now() + 3_600_000,
  } as const;
  await mysql.provision(world.target, plan, newPassword());
  expect(await reconciled()).toEqual([["unknown", name, "quarantined"]]);
  expect(await exists(name)).toMatchObject({ canLogin: false, sessions: 0 });
  story.world.clock.advance({ days: 1 });
  expect(await reconciled()).toEqual([["unknown", name, "dropped"]]);
  expect(await exists(name)).toBeUndefined();
});

test("an account that was dropped by hand is an alarm, and one with an extra right is found", async () => {
  const [gone, more] = [await lent(), await lent()];
  await world.byHand(`DROP USER '${gone.account}'@'%'`, `GRANT SELECT ON payroll.* TO '${more.account}'@'%'`);
  const found = await reconciled();
  expect(found).toContainEqual(["missing", gone.account, "alarm"]);
  expect(found).toContainEqual(["extra-right", more.account, "alarm"]);
  expect(found).toHaveLength(2);
});

test("somebody else's account with a name like ours is never touched", async () => {
  await world.byHand("CREATE USER 'dp_01jd8z5k3qw8r4t6y2x9v7b1cm'@'%' IDENTIFIED BY 'theirs'");
  expect(await reconciled()).toEqual([]);
  const [row] = await world.byHand(
    "SELECT user FROM mysql.user WHERE user = 'dp_01jd8z5k3qw8r4t6y2x9v7b1cm'",
  );
  expect(row).toBeDefined();
  await world.byHand("DROP USER 'dp_01jd8z5k3qw8r4t6y2x9v7b1cm'@'%'");
});

test("an instance that is pointed to another server: the account is taken back on the first", async () => {
  const grant = await lent();
  expect(grant.server?.identity).toMatch(/.{8,}/);
  target = other.target;
  expect(await reconciled()).toEqual([["missing", grant.account, "alarm"]]);
  await endGrant(story.ctx("engineer"), { id: grant.id });
  await advanceGrant(broker(), grant.id);
  expect((await story.grant(grant.id)).failure).toBeUndefined();
  expect((await story.grant(grant.id)).state).toBe("revoked");
  expect(await exists(grant.account)).toBeUndefined();
});
