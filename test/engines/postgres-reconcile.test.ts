import type { AccountServer, BrokerContext } from "@daypass/core/grant/account-engine.port.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { accountName, type Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import type { Target } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { newPassword } from "@daypass/functions/data-plane/new-password.ts";
import { engineScope } from "@daypass/functions/engine-scope.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story, sweeper, workflow } from "../integration/story.ts";
import { administrator, buildWorld, newAccountName, type World } from "./postgres-world.ts";

let world: World;
let other: World;
let story: Story;
/** Where the instance's secret points. */
let target: Target;
beforeAll(async () => {
  [world, other] = [await buildWorld(), await buildWorld()];
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
  const left = await world.byHand(
    "postgres",
    "SELECT rolname::text AS name FROM pg_roles WHERE rolname ~ '^dp_'",
  );
  for (const { name } of left)
    await world.byHand("postgres", `DROP OWNED BY "${String(name)}"`, `DROP ROLE "${String(name)}"`);
});

function broker(actor: typeof sweeper | typeof workflow = sweeper): BrokerContext {
  return {
    ...story.server.broker(actor),
    newPassword,
    accountServer: async (_instance, address) =>
      serverAt({ ...target, server: { ...target.server, ...address } }),
  };
}

function serverAt(at: Target): AccountServer {
  return {
    address: { host: at.server.host, port: at.server.port },
    identity: () => postgres.serverIdentity(at),
    provision: (plan, password) =>
      postgres.provision(at, { ...plan, scope: engineScope(plan.scope) }, password),
    verifyLogin: (plan, password) =>
      postgres.verifyLogin(at, { ...plan, scope: engineScope(plan.scope) }, password),
    setExpiry: (account, expiresAtMs) => postgres.setExpiry(at, account, expiresAtMs),
    revoke: (account) => postgres.revoke(at, account),
    listAccounts: () => postgres.listAccounts(at),
    isAbsent: (name) => postgres.isAbsent(at, name),
    denyLogin: (account) => postgres.denyLogin(at, account),
    close: async () => undefined,
  };
}

const instanceId = () => story.registered.instance.id;
async function lent(): Promise<Grant> {
  const { id } = await story.plannedGrant();
  await advanceGrant(broker(), id);
  const grant = await story.grant(id);
  expect(grant.failure).toBeUndefined();
  expect(grant.state).toBe("active");
  return grant;
}
async function found() {
  const last = await findReconciliation(story.world, instanceId());
  expect(last).toMatchObject({ status: "done" });
  return last?.differences.map(({ kind, account, action }) => [kind, account, action]);
}
async function reconciled() {
  await runReconciliation(broker(), instanceId());
  return found();
}
async function dryRun() {
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "dry-run" });
  await runReconciliation(broker(workflow), instanceId());
  return found();
}
async function role(name: string, on: World = world) {
  const [row] = await on.byHand(
    "postgres",
    `SELECT rolcanlogin AS "canLogin", rolvaliduntil AS "validUntil" FROM pg_roles WHERE rolname = '${name}'`,
  );
  return row;
}

/** By hand, with our prefix and our marker, as the administrator or as the server's superuser. */
async function handMade(asSuperuser = false, stack = "test"): Promise<string> {
  const grantId = newId("grant", { ulid: () => newAccountName().slice(3).toUpperCase() });
  const name = accountName(grantId);
  const statements = [
    `CREATE ROLE ${name} LOGIN PASSWORD 'by-hand'`,
    `COMMENT ON ROLE ${name} IS 'daypass stack=${stack} grant=${grantId} account=${name}'`,
  ];
  if (asSuperuser) await world.byHand("postgres", ...statements);
  else {
    const client = await world.connect(administrator, "postgres");
    for (const text of statements) await client.query(text);
    await client.end();
  }
  return name;
}

test("on a clean system with something lent nothing is said", async () => {
  await lent();
  expect(await reconciled()).toEqual([]);
  expect(await dryRun()).toEqual([]);
});

test("a hand-made account with our prefix and marker is found, told by a dry run, and closed by a repair", async () => {
  const name = await handMade();
  expect(await dryRun()).toEqual([["unknown", name, "none"]]);
  expect(await role(name)).toMatchObject({ canLogin: true });
  expect(await reconciled()).toEqual([["unknown", name, "quarantined"]]);
  expect(await role(name)).toMatchObject({ canLogin: false });
  story.world.clock.advance({ days: 1 });
  expect(await reconciled()).toEqual([["unknown", name, "dropped"]]);
  expect(await role(name)).toBeUndefined();
});

test("one that our administrator may not touch says so, and what right is missing", async () => {
  const name = await handMade(true);
  const differences = await reconciled();
  if (world.server.majorVersion >= 16) {
    expect(differences).toEqual([["unknown", name, "failed"]]);
    const last = await findReconciliation(story.world, instanceId());
    expect(last?.differences[0]?.message).toMatch(/permission denied|must have|not permitted/i);
  } else expect(differences).toEqual([["unknown", name, "quarantined"]]);
});

test("an account that was dropped by hand is an alarm", async () => {
  const grant = await lent();
  await world.byHand("shop", `DROP OWNED BY ${grant.account}`, `DROP ROLE ${grant.account}`);
  expect(await reconciled()).toEqual([["missing", grant.account, "alarm"]]);
  expect((await story.grant(grant.id)).alarms).toHaveProperty("missing");
});

test("an extra right, an extra attribute and a later end are found; the end is set back", async () => {
  const grant = await lent();
  await world.byHand(
    "postgres",
    `GRANT pg_read_all_settings TO ${grant.account}`,
    `ALTER ROLE ${grant.account} CREATEDB VALID UNTIL 'infinity'`,
  );
  expect(await reconciled()).toEqual([
    ["extra-right", grant.account, "alarm"],
    ["wrong-expiry", grant.account, "expiry-set"],
  ]);
  const last = await findReconciliation(story.world, instanceId());
  expect(last?.differences[0]?.message).toMatch(/CREATEDB.*pg_read_all_settings/);
  const { validUntil } = (await role(grant.account)) ?? {};
  expect(validUntil).toEqual(new Date(epochMs(grant.endsAt ?? grant.createdAt)));
});

describe("an account of somebody else's is never touched", () => {
  test.each([
    ["with a name like ours and no marker", "dp_reporting", null],
    ["with exactly the shape of our names and no marker", newAccountName(), null],
    ["with a comment that only begins like our marker", newAccountName(), "daypass stack=test"],
    [
      "of another installation on the same server",
      newAccountName(),
      "daypass stack=other grant=grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN account=dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
    ],
  ])("%s", async (_what, name, comment) => {
    await world.byHand(
      "postgres",
      `CREATE ROLE ${name} LOGIN`,
      `COMMENT ON ROLE ${name} IS ${comment === null ? "NULL" : `'${comment}'`}`,
    );
    expect(await reconciled()).toEqual([]);
    expect(await role(name)).toMatchObject({ canLogin: true });
  });

  test("whose marker names another account is reported and left alone", async () => {
    const name = newAccountName();
    const marker =
      "daypass stack=test grant=grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN account=dp_01jd8z5k3qw8r4t6y2x9v7b1cn";
    await world.byHand("postgres", `CREATE ROLE ${name} LOGIN`, `COMMENT ON ROLE ${name} IS '${marker}'`);
    expect(await reconciled()).toEqual([["renamed", name, "none"]]);
    expect(await role(name)).toMatchObject({ canLogin: true });
  });
});

test("an account that came back after it was revoked, as with a restored snapshot, is taken back again", async () => {
  const grant = await lent();
  await endGrant(story.ctx("engineer"), { id: grant.id });
  await advanceGrant(broker(), grant.id);
  expect((await story.grant(grant.id)).state).toBe("revoked");
  const client = await world.connect(administrator, "postgres");
  await client.query(`CREATE ROLE ${grant.account} LOGIN PASSWORD 'restored'`);
  await client.query(
    `COMMENT ON ROLE ${grant.account} IS 'daypass stack=test grant=${grant.id} account=${grant.account}'`,
  );
  await client.end();
  expect(await reconciled()).toEqual([["not-dropped", grant.account, "revoked"]]);
  expect(await role(grant.account)).toBeUndefined();
  expect((await story.grant(grant.id)).alarms).toHaveProperty("reappeared");
});

test("an instance that is pointed to another server: the account is taken back on the first, never said to be gone from the second", async () => {
  const grant = await lent();
  expect(grant.server).toMatchObject({ host: world.server.host, port: world.server.port });
  target = other.target;
  expect(await reconciled()).toEqual([["missing", grant.account, "alarm"]]);
  await endGrant(story.ctx("engineer"), { id: grant.id });
  await advanceGrant(broker(), grant.id);
  expect((await story.grant(grant.id)).state).toBe("revoked");
  expect(await role(grant.account)).toBeUndefined();
});
