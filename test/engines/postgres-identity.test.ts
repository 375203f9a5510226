import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { installStatements } from "@daypass/databases/postgres/install.ts";
import { identifier, literal } from "@daypass/databases/postgres/quote.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compare } from "./comparing.ts";
import { type Lent, lend, revoke } from "./postgres-lend.ts";
import { administrator, buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
const open: Lent[] = [];
const created = new Set<string>();
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());
afterEach(async () => {
  for (const lent of open.splice(0)) await end(lent);
  for (const name of created)
    await world.byHand("postgres", `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
  created.clear();
});

const denied = { code: "42501" };

/** A database of the application with one table, whose only row says which database it was created as. */
async function createDatabase(name: string, says = name): Promise<void> {
  created.add(name);
  await world.byHand("postgres", `CREATE DATABASE ${identifier(name)} OWNER app_owner`);
  await world.byHand(
    name,
    "SET ROLE app_owner",
    "CREATE TABLE facts (said text)",
    `INSERT INTO facts VALUES (${literal(says)})`,
  );
  const steps = installStatements({
    administrator: administrator.username,
    databases: [{ name, owner: "app_owner", schemas: ["public"], level: "ddl" }],
  });
  for (const step of steps) if (step.database !== null) await world.byHand(name, step.sql);
}

async function copyDatabase(original: string, copy: string): Promise<void> {
  created.add(copy);
  await world.byHand("postgres", `CREATE DATABASE ${identifier(copy)} TEMPLATE ${identifier(original)}`);
}

async function renameDatabase(from: string, to: string): Promise<void> {
  created.add(to);
  await world.byHand("postgres", `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)}`);
}

async function lendOn(database: string, changes: Parameters<World["plan"]>[0] = {}): Promise<Lent> {
  const lent = await lend(world, { database, ...changes });
  open.push(lent);
  return lent;
}

async function end(lent: Lent): Promise<void> {
  await lent.client.end();
  expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
}

/** Whether the account can get into a database and read what is in it. */
async function reads({ login }: Lent, database: string): Promise<boolean> {
  try {
    const client = await login(database);
    try {
      await client.query("SELECT * FROM facts");
      return true;
    } finally {
      await client.end();
    }
  } catch (error) {
    expect(error).toMatchObject(denied);
    return false;
  }
}

describe.each([
  ["plain", "swap_live"],
  ["upper case, quotes, a backslash and a newline", 'Swap "live"\n\\; DROP DATABASE shop; --\''],
  ["63 bytes", "é".repeat(31) + "x"],
])("a database under a name that is %s", (_what, live) => {
  test("that took the name of a renamed one gives no way into the renamed one", async () => {
    await createDatabase(live, "old");
    const before = await lend(world, { database: live, level: "write" });
    await end(before);
    await renameDatabase(live, "swap_archived");
    await world.byHand("postgres", "GRANT CONNECT ON DATABASE swap_archived TO PUBLIC");
    await createDatabase(live, "new");
    const after = await lendOn(live, { level: "write" });
    expect((await after.client.query("SELECT said FROM facts")).rows).toEqual([{ said: "new" }]);
    expect(await reads(after, "swap_archived")).toBe(false);
  });

  test("that was copied gives no way into the copy", async () => {
    await createDatabase(live);
    await end(await lend(world, { database: live, level: "write" }));
    const copy = 'Copy "of it"\n\\; DROP';
    await copyDatabase(live, copy);
    const after = await lendOn(live, { level: "write" });
    expect(await reads(after, live)).toBe(true);
    expect(await reads(after, copy)).toBe(false);
  });
});

/** What the server has of our groups: their markers, and the databases in which each is named in some access list. */
async function groups(): Promise<{ name: string; comment: string; databases: string[] }[]> {
  return (await world.byHand(
    "postgres",
    `SELECT r.rolname::text AS name, shobj_description(r.oid, 'pg_authid') AS comment, ARRAY(
       SELECT DISTINCT d.datname::text FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
       WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'a' ORDER BY 1) AS databases
     FROM pg_roles r WHERE r.rolname ~ '^daypass_(read|write|create)_test_' ORDER BY 1`,
  )) as { name: string; comment: string; databases: string[] }[];
}

/** As versions before wrote it: named after the database's name, with rights on the table of `facts`. */
async function createOldGroup(database: string, hash: string): Promise<string> {
  const name = `daypass_read_test_${hash}`;
  const client = await world.connect(administrator, database);
  try {
    for (const text of [
      `CREATE ROLE ${name} NOLOGIN`,
      `COMMENT ON ROLE ${name} IS 'daypass stack=test group=read hash=${hash}'`,
      `GRANT CONNECT ON DATABASE ${identifier(database)} TO ${name}`,
      `GRANT USAGE ON SCHEMA public TO ${name}`,
      `GRANT SELECT ON facts TO ${name}`,
    ])
      await client.query(text);
  } finally {
    await client.end();
  }
  return name;
}

const provision = (changes: Parameters<World["plan"]>[0]) =>
  postgres.provision(world.target, world.plan(changes), newPassword());
const found = async ({ plan }: Lent) =>
  (await postgres.listAccounts(world.target)).find(({ name }) => name === plan.name);

describe("a copy of a database", () => {
  test("that is taken while access lasts is told with statements that end it, which keep the access", async () => {
    await createDatabase("lent_out");
    const lent = await lendOn("lent_out", { level: "ddl" });
    await lent.client.end();
    await copyDatabase("lent_out", 'Copy "1"');
    expect(await reads(lent, 'Copy "1"')).toBe(true);
    const { extraRights, remedy = [] } = (await found(lent)) ?? {};
    expect(extraRights).toHaveLength(2);
    expect(extraRights?.[0]).toMatch(/^reaches database Copy "1" through group daypass_create_test_/);
    for (const text of remedy) await world.byHand("postgres", text);
    expect((await found(lent))?.extraRights).toEqual([]);
    expect(await reads(lent, 'Copy "1"')).toBe(false);
    expect(await reads(lent, "lent_out")).toBe(true);
  });

  test("loses the copied rights with the next mint, also for those who have access already", async () => {
    await createDatabase("lent_out");
    const early = await lendOn("lent_out");
    await early.client.end();
    await copyDatabase("lent_out", "copy_of_it");
    await lendOn("lent_out");
    expect(await reads(early, "copy_of_it")).toBe(false);
    expect(await reads(early, "lent_out")).toBe(true);
    expect((await found(early))?.extraRights).toEqual([]);
  });

  test("is lent by itself, and neither side reaches the other", async () => {
    await createDatabase("lent_out");
    await end(await lend(world, { database: "lent_out", level: "write" }));
    await copyDatabase("lent_out", "copy_of_it");
    await world.byHand(
      "copy_of_it",
      `GRANT CONNECT ON DATABASE copy_of_it TO ${administrator.username} WITH GRANT OPTION`,
    );
    const ofCopy = await lendOn("copy_of_it", { level: "write" });
    const ofOriginal = await lendOn("lent_out", { level: "write" });
    expect([await reads(ofCopy, "copy_of_it"), await reads(ofCopy, "lent_out")]).toEqual([true, false]);
    expect([await reads(ofOriginal, "copy_of_it"), await reads(ofOriginal, "lent_out")]).toEqual([
      false,
      true,
    ]);
  });

  test("with rights that the administrator cannot revoke stops the mint, with statements that let it pass", async () => {
    await createDatabase("lent_out");
    const { client, plan } = await lendOn("lent_out");
    await client.end();
    const [group] = (await groups()).filter(({ databases }) => databases.includes("lent_out"));
    await copyDatabase("lent_out", "copy_of_it");
    await world.byHand("copy_of_it", "SET ROLE app_owner", `GRANT SELECT (said) ON facts TO ${group?.name}`);
    const refusal: unknown = await provision({ database: "lent_out" }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      kind: "permission",
      message: expect.stringContaining("would reach copy_of_it too"),
      remedy: expect.arrayContaining(['REVOKE CONNECT, TEMPORARY ON DATABASE "copy_of_it" FROM PUBLIC;']),
    });
    for (const text of (refusal as { remedy: string[] }).remedy) await world.byHand("postgres", text);
    await postgres.verifyLogin(world.target, await freshly({ database: "lent_out" }), newPasswordOf);
    expect((await found({ plan } as Lent))?.extraRights).toEqual([]);
  });

  test("that nobody can connect to is no way in and stops no mint", async () => {
    await createDatabase("lent_out");
    await end(await lend(world, { database: "lent_out" }));
    await copyDatabase("lent_out", "copy_of_it");
    await world.byHand("postgres", "ALTER DATABASE copy_of_it WITH ALLOW_CONNECTIONS false IS_TEMPLATE true");
    const lent = await lendOn("lent_out");
    expect((await found(lent))?.extraRights).toEqual([]);
    await world.byHand("postgres", "ALTER DATABASE copy_of_it WITH ALLOW_CONNECTIONS true IS_TEMPLATE false");
    expect((await found(lent))?.extraRights).toHaveLength(1);
  });
});

const newPasswordOf = newPassword();
async function freshly(changes: Parameters<World["plan"]>[0]) {
  const plan = world.plan(changes);
  await postgres.provision(world.target, plan, newPasswordOf);
  open.push({ plan, client: { end: async () => undefined } } as unknown as Lent);
  return plan;
}

describe("a database that is renamed while access lasts", () => {
  test("takes the access along, and its end leaves nothing behind in it", async () => {
    await createDatabase("lent_out");
    const lent = await lendOn("lent_out", { level: "ddl" });
    await lent.client.query("CREATE TABLE mine AS SELECT 1 AS id");
    await lent.client.end();
    await renameDatabase("lent_out", "renamed");
    await createDatabase("lent_out", "another one");
    expect(await reads(lent, "renamed")).toBe(true);
    expect(await reads(lent, "lent_out")).toBe(false);
    expect(await revoke(world, open.pop() ?? lent)).toMatchObject({
      status: "absent",
      databasesVisited: ["renamed"],
    });
    const [kept] = await world.byHand(
      "renamed",
      "SELECT count(*)::int AS tables FROM pg_class WHERE relowner = 'daypass_keeper_test'::regrole AND relkind = 'r'",
    );
    expect(kept).toEqual({ tables: 1 });
  });

  test("and replaced between two attempts of one provision is refused: nobody approved the other one", async () => {
    await createDatabase("lent_out");
    const plan = await freshly({ database: "lent_out" });
    await renameDatabase("lent_out", "renamed");
    await createDatabase("lent_out", "another one");
    await expect(postgres.provision(world.target, plan, newPasswordOf)).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringContaining("was created for another database"),
    });
    await expect(postgres.verifyLogin(world.target, plan, newPasswordOf)).rejects.toMatchObject({
      kind: "permission",
    });
    await world.byHand("postgres", "GRANT CONNECT ON DATABASE lent_out TO PUBLIC");
    await expect(postgres.verifyLogin(world.target, plan, newPasswordOf)).rejects.toMatchObject({
      kind: "conflict",
    });
  });
});

describe("a table that takes the name of a renamed one", () => {
  const scope = { kind: "objects", objects: [{ schema: "public", table: "facts" }] } as const;
  const swap = [
    "SET ROLE app_owner",
    "ALTER TABLE facts RENAME TO facts_old",
    "CREATE TABLE facts (said text)",
    `GRANT SELECT ON facts TO ${administrator.username} WITH GRANT OPTION`,
  ];

  test("is read by who is lent it from then on; who was lent the old one keeps that and gets no more", async () => {
    await createDatabase("lent_out");
    const early = await lendOn("lent_out", { scope });
    await world.byHand("lent_out", ...swap);
    const late = await lendOn("lent_out", { scope });
    await early.client.query("SELECT * FROM facts_old");
    await expect(early.client.query("SELECT * FROM facts")).rejects.toMatchObject(denied);
    await late.client.query("SELECT * FROM facts");
    await expect(late.client.query("SELECT * FROM facts_old")).rejects.toMatchObject(denied);
  });

  test("in another schema of the same name is no way into the old schema either", async () => {
    await createDatabase("lent_out");
    const create = [
      "SET ROLE app_owner",
      "CREATE SCHEMA crm",
      "CREATE TABLE crm.people (id int)",
      `GRANT USAGE ON SCHEMA crm TO ${administrator.username} WITH GRANT OPTION`,
      `GRANT SELECT ON crm.people TO ${administrator.username} WITH GRANT OPTION`,
    ];
    await world.byHand("lent_out", ...create);
    const crm = { kind: "objects", objects: [{ schema: "crm" }] } as const;
    const early = await lendOn("lent_out", { scope: crm });
    await world.byHand("lent_out", "ALTER SCHEMA crm RENAME TO crm_old", ...create);
    const late = await lendOn("lent_out", { scope: crm });
    await early.client.query("SELECT * FROM crm_old.people");
    await expect(early.client.query("SELECT * FROM crm.people")).rejects.toMatchObject(denied);
    await late.client.query("SELECT * FROM crm.people");
    await expect(late.client.query("SELECT * FROM crm_old.people")).rejects.toMatchObject(denied);
  });

  test("between two attempts of one provision is what the account reads, and nothing else", async () => {
    await createDatabase("lent_out");
    const plan = await freshly({ database: "lent_out", scope });
    await world.byHand("lent_out", ...swap);
    await postgres.provision(world.target, plan, newPasswordOf);
    await postgres.verifyLogin(world.target, plan, newPasswordOf);
    const client = await world.connect({ username: plan.name, password: newPasswordOf }, "lent_out");
    await client.query("SELECT * FROM facts");
    await expect(client.query("SELECT * FROM facts_old")).rejects.toMatchObject(denied);
    await client.end();
  });
});

test("a database that lets everybody in, with something for everybody in it, stops mints on every other one", async () => {
  await createDatabase("open_to_all");
  await world.byHand("postgres", "GRANT CONNECT ON DATABASE open_to_all TO PUBLIC");
  await (await lendOn("shop")).client.end();
  for (const [opening, closing, told] of [
    ["GRANT SELECT (said) ON facts TO PUBLIC", "REVOKE ALL ON facts FROM PUBLIC", "table public.facts"],
    [
      "GRANT CREATE ON SCHEMA public TO PUBLIC",
      "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
      "CREATE on schema public",
    ],
  ] as const) {
    await world.byHand("open_to_all", opening);
    await expect(provision({ database: "shop" })).rejects.toMatchObject({
      kind: "permission",
      message: `everybody can connect to database open_to_all and has rights there: ${told}`,
    });
    await world.byHand("open_to_all", closing);
  }
  await world.byHand("open_to_all", "GRANT SELECT ON facts TO PUBLIC");
  const refusal: unknown = await provision({ database: "shop" }).catch((error: unknown) => error);
  for (const text of (refusal as { remedy: string[] }).remedy) await world.byHand("postgres", text);
  const lent = await lendOn("shop");
  expect(await reads(lent, "open_to_all")).toBe(false);
});

describe("groups", () => {
  test("of a database that is gone go with the next mint on the server, and live ones stay", async () => {
    await createDatabase("short_lived");
    await end(await lend(world, { database: "short_lived" }));
    await createDatabase("lent_out");
    await copyDatabase("short_lived", "copy_of_it");
    const before = (await groups()).filter(({ databases }) => databases.includes("copy_of_it"));
    expect(before).toHaveLength(1);
    await world.byHand("postgres", "DROP DATABASE short_lived");
    await lendOn("lent_out");
    const after = await groups();
    expect(after.filter(({ name }) => name === before[0]?.name)).toEqual([]);
    expect(after.filter(({ databases }) => databases.includes("lent_out"))).toHaveLength(1);
  });

  test("of an earlier version keep who is in them, take nobody in, and go with their last member", async () => {
    await createDatabase("lent_out");
    const early = await lendOn("lent_out");
    await early.client.end();
    const old = await createOldGroup("lent_out", "0123456789abcdef0123");
    await copyDatabase("lent_out", "copy_of_it");
    await world.byHand(
      "postgres",
      `SET ROLE ${administrator.username}`,
      `GRANT ${old} TO ${early.plan.name}`,
    );
    const [current] = (await groups()).filter(
      ({ name, databases }) => name !== old && databases.includes("lent_out"),
    );
    await world.byHand(
      "postgres",
      `REVOKE ${current?.name} FROM ${early.plan.name} GRANTED BY ${administrator.username}`,
    );

    const late = await lendOn("lent_out");
    expect(await reads(early, "lent_out")).toBe(true);
    expect(await reads(late, "copy_of_it")).toBe(false);
    expect((await found(early))?.extraRights).toEqual([
      expect.stringContaining("reaches more than one database (copy_of_it, lent_out)"),
    ]);
    expect((await groups()).map(({ name }) => name)).toContain(old);
    await end(open.shift() ?? early);
    await lendOn("lent_out");
    expect((await groups()).map(({ name }) => name)).not.toContain(old);
  });

  test("that came from another cluster with a dump give new accounts nothing, even if the database's number is the same", async () => {
    await createDatabase("lent_out");
    const early = await lendOn("lent_out");
    const [group] = (await groups()).filter(({ databases }) => databases.includes("lent_out"));
    const foreign = "daypass_read_test_0123456789abcdef0123";
    const marker = group?.comment.replace(/cluster=\d+/, "cluster=7000000000000000001") ?? "";
    await world.byHand(
      "postgres",
      `ALTER ROLE ${group?.name} RENAME TO ${foreign}`,
      `COMMENT ON ROLE ${foreign} IS ${literal(marker)}`,
    );
    await lendOn("lent_out");
    expect((await groups()).map(({ name }) => name)).toEqual(expect.arrayContaining([foreign, group?.name]));
    expect((await found(early))?.extraRights).toEqual([
      `is a member of ${foreign}, which another server created`,
    ]);
    await end(open.shift() ?? early);
    await lendOn("lent_out");
    expect((await groups()).map(({ name }) => name)).not.toContain(foreign);
  });

  test("that were made members of another role stop the mint, and are told, since its rights hold in every database", async () => {
    const lent = await lendOn("shop");
    const [name] = (await found(lent))?.memberships ?? [];
    await world.byHand("postgres", `GRANT pg_read_all_data TO ${name}`);
    await expect(provision({ database: "shop" })).rejects.toMatchObject({
      kind: "permission",
      remedy: [`REVOKE "pg_read_all_data" FROM "${name}";`],
    });
    const { extraRights, remedy = [] } = (await found(lent)) ?? {};
    expect(extraRights).toEqual([`is a member of pg_read_all_data through group ${name}`]);
    for (const text of remedy) await world.byHand("postgres", text);
    await lendOn("shop");
  });

  test("that nobody can prove to be ours are not adopted", async () => {
    await createDatabase("lent_out");
    await end(await lend(world, { database: "lent_out" }));
    const [group] = (await groups()).filter(({ databases }) => databases.includes("lent_out"));
    for (const comment of ["NULL", literal(group?.comment.replace(/database=\d+/, "database=1") ?? "")]) {
      await world.byHand("postgres", `COMMENT ON ROLE ${group?.name} IS ${comment}`);
      await expect(provision({ database: "lent_out" })).rejects.toMatchObject({ kind: "conflict" });
    }
    await world.byHand("postgres", `COMMENT ON ROLE ${group?.name} IS ${literal(group?.comment ?? "")}`);
    await lendOn("lent_out");
  });
});

test("a comparison of ledger and server tells of a copied database, and of nothing once it is mended", async () => {
  const comparing = await compare(postgres, world.target);
  const { story } = comparing;
  const grant = await comparing.lent();
  await copyDatabase("shop", "copy_of_shop");
  expect(await comparing.dryRun()).toEqual([["extra-right", grant.account, "none"]]);
  expect(await comparing.reconciled()).toEqual([["extra-right", grant.account, "alarm"]]);
  expect(await comparing.message()).toContain("It reaches database copy_of_shop through group");
  const last = await findReconciliation(story.world, story.registered.instance.id);
  expect(last?.differences[0]?.remedy).toContain(
    'REVOKE CONNECT, TEMPORARY ON DATABASE "copy_of_shop" FROM PUBLIC;',
  );
  const next = await comparing.lent();
  expect(await comparing.reconciled()).toEqual([]);
  for (const { id } of [grant, next]) await comparing.ended(id);
  await story.world.close();
});
