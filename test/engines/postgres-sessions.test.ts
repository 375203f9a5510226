import { EngineError } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { keepSessions, type Sessions, sessionsAtOnce } from "@daypass/databases/sessions.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { lend } from "./postgres-lend.ts";
import { administrator, buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
let sessions: Sessions;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());
beforeEach(() => {
  sessions = keepSessions();
});
afterEach(() => sessions.close());

const target = () => ({ ...world.target, sessions });

/** How many sessions of the administrator the server saw begin, by its own log, while something ran. */
async function begun(work: () => Promise<unknown>): Promise<number> {
  const count = () =>
    world.server.log().split(`connection authorized: user=${administrator.username}`).length;
  const before = count();
  await work();
  return count() - before;
}

const openNow = () =>
  world.byHand(
    "postgres",
    `SELECT datname FROM pg_stat_activity WHERE usename = '${administrator.username}' ORDER BY 1`,
  );

test("twenty accounts are revoked on one session of the administrator, and it ends with the turn", async () => {
  const lent: Awaited<ReturnType<typeof lend>>[] = [];
  for (let made = 0; made < 20; made += 1) lent.push(await lend(world));
  for (const { client } of lent) await client.end();
  const sessionsBegun = await begun(async () => {
    for (const { plan, serverId } of lent) {
      expect(await postgres.revoke(target(), { ...plan, serverId })).toMatchObject({ status: "absent" });
    }
  });
  expect(sessionsBegun).toBe(1);
  expect(await openNow()).toEqual([{ datname: "postgres" }]);
  await sessions.close();
  expect(await openNow()).toEqual([]);
});

test("whatever a turn does, at most two sessions are open at once", async () => {
  const plan = world.plan({ level: "ddl" });
  const password = newPassword();
  let most = 0;
  const watch = setInterval(() => {
    openNow().then(
      (open) => {
        most = Math.max(most, open.length);
      },
      () => undefined,
    );
  }, 3);
  const sessionsBegun = await begun(async () => {
    const { serverId } = await postgres.provision(target(), plan, password);
    await postgres.verifyLogin(target(), plan, password);
    for (const database of ["shop", "payroll"]) {
      await world.byHand(
        database,
        "CREATE TABLE left_over (id int)",
        `ALTER TABLE left_over OWNER TO ${plan.name}`,
      );
    }
    await postgres.setExpiry(target(), plan, Date.now() + 60_000);
    const revocation = await postgres.revoke(target(), { ...plan, serverId });
    expect(revocation).toMatchObject({ status: "absent", databasesVisited: ["payroll", "shop"] });
  });
  clearInterval(watch);
  expect(most).toBeLessThanOrEqual(sessionsAtOnce);
  // Two of them look into the databases that let everybody in: postgres and template1.
  expect(sessionsBegun).toBeLessThanOrEqual(6);
  expect((await openNow()).length).toBeLessThanOrEqual(sessionsAtOnce);
});

test("absence is looked up afresh on the shared session: an account made again by hand is seen", async () => {
  const { plan, client } = await lend(world);
  await client.end();
  expect(await postgres.revoke(target(), plan)).toMatchObject({ status: "absent" });
  expect(await postgres.isAbsent(target(), plan.name)).toBe(true);
  await world.byHand("postgres", `CREATE ROLE ${plan.name}`);
  expect(await postgres.isAbsent(target(), plan.name)).toBe(false);
  await world.byHand("postgres", `DROP ROLE ${plan.name}`);
});

test("a session that the server ended is replaced", async () => {
  await postgres.listAccounts(target());
  await world.byHand(
    "postgres",
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${administrator.username}'`,
  );
  await expect.poll(openNow).toEqual([]);
  expect(await postgres.listAccounts(target())).toEqual(expect.any(Array));
});

test("a session on which something failed is not used again", async () => {
  const stranger = world.plan();
  await world.byHand("postgres", `CREATE ROLE ${stranger.name}`);
  const refused = postgres.setExpiry(target(), stranger, Date.now() + 60_000);
  await expect(refused).rejects.toThrow(EngineError);
  expect(await openNow()).toEqual([]);
  await world.byHand("postgres", `DROP ROLE ${stranger.name}`);
});

test("a password that was rotated during a turn hinders neither it nor the next one", async () => {
  const { plan, client } = await lend(world);
  await client.end();
  await postgres.listAccounts(target());
  const rotated = { ...administrator, password: newPassword() };
  await world.byHand("postgres", `ALTER ROLE ${administrator.username} PASSWORD '${rotated.password}'`);
  expect(await postgres.revoke(target(), plan)).toMatchObject({ status: "absent" });
  await sessions.close();
  const next = keepSessions();
  await expect(postgres.listAccounts({ ...world.target, sessions: next })).rejects.toMatchObject({
    kind: "authentication",
  });
  await postgres.listAccounts({ ...world.target, administrator: rotated, sessions: next });
  await next.close();
  await world.byHand("postgres", `ALTER ROLE ${administrator.username} PASSWORD '${administrator.password}'`);
});
