import { accountName } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Comparing, compare } from "./comparing.ts";
import { administrator, buildWorld, newAccountName, type World } from "./postgres-world.ts";

let world: World;
let comparing: Comparing;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());
beforeEach(async () => {
  comparing = await compare(postgres, world.target);
});
afterEach(async () => {
  await comparing.story.world.close();
  const left = await world.byHand(
    "postgres",
    "SELECT rolname::text AS name FROM pg_roles WHERE rolname ~ '^dp_'",
  );
  for (const { name } of left)
    await world.byHand("postgres", `DROP OWNED BY "${String(name)}"`, `DROP ROLE "${String(name)}"`);
});

async function role(name: string) {
  const [row] = await world.byHand(
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

test("a hand-made account with our prefix and marker is found, told by a dry run, and closed by a repair", async () => {
  const name = await handMade();
  expect(await comparing.dryRun()).toEqual([["unknown", name, "none"]]);
  expect(await role(name)).toMatchObject({ canLogin: true });
  expect(await comparing.reconciled()).toEqual([["unknown", name, "quarantined"]]);
  expect(await role(name)).toMatchObject({ canLogin: false });
  comparing.story.world.clock.advance({ days: 1 });
  expect(await comparing.reconciled()).toEqual([["unknown", name, "dropped"]]);
  expect(await role(name)).toBeUndefined();
});

test("one that our administrator may not touch says so, and what right is missing", async () => {
  const name = await handMade(true);
  const differences = await comparing.reconciled();
  if (world.server.majorVersion >= 16) {
    expect(differences).toEqual([["unknown", name, "failed"]]);
    expect(await comparing.message()).toMatch(/permission denied|must have|not permitted/i);
  } else expect(differences).toEqual([["unknown", name, "quarantined"]]);
});

test("an extra right, an extra attribute and a later end are found; the end is set back", async () => {
  const grant = await comparing.lent();
  await world.byHand(
    "postgres",
    `GRANT pg_read_all_settings TO ${grant.account}`,
    `ALTER ROLE ${grant.account} CREATEDB VALID UNTIL 'infinity'`,
  );
  expect(await comparing.reconciled()).toEqual([
    ["extra-right", grant.account, "alarm"],
    ["wrong-expiry", grant.account, "expiry-set"],
  ]);
  expect(await comparing.message()).toMatch(/CREATEDB.*pg_read_all_settings/);
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
    expect(await comparing.reconciled()).toEqual([]);
    expect(await role(name)).toMatchObject({ canLogin: true });
  });

  test("whose marker names another account is reported and left alone", async () => {
    const name = newAccountName();
    const marker =
      "daypass stack=test grant=grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN account=dp_01jd8z5k3qw8r4t6y2x9v7b1cn";
    await world.byHand("postgres", `CREATE ROLE ${name} LOGIN`, `COMMENT ON ROLE ${name} IS '${marker}'`);
    expect(await comparing.reconciled()).toEqual([["renamed", name, "none"]]);
    expect(await role(name)).toMatchObject({ canLogin: true });
  });
});

test("an account that came back after it was revoked, as with a restored snapshot, is taken back again", async () => {
  const grant = await comparing.lent();
  await comparing.ended(grant.id);
  const client = await world.connect(administrator, "postgres");
  await client.query(`CREATE ROLE ${grant.account} LOGIN PASSWORD 'restored'`);
  await client.query(
    `COMMENT ON ROLE ${grant.account} IS 'daypass stack=test grant=${grant.id} account=${grant.account}'`,
  );
  await client.end();
  expect(await comparing.reconciled()).toEqual([["not-dropped", grant.account, "revoked"]]);
  expect(await role(grant.account)).toBeUndefined();
  expect((await comparing.story.grant(grant.id)).alarms).toHaveProperty("reappeared");
});
