import { postgres } from "@daypass/databases/postgres/engine.ts";
import { logIn } from "@daypass/functions/data-plane/log-in.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

/** As the runner does it, with the credential as its secret has it. */
async function lent() {
  const [plan, password] = [world.plan(), newPassword()];
  await postgres.provision(world.target, plan, password);
  const { host, port } = world.server;
  const credential = { engine: "postgres", host, port, dbname: plan.database, username: plan.name, password };
  const tryIt = (change: Partial<typeof credential> = {}) =>
    logIn({ engine: "postgres", tls: "disable" }, { ...credential, ...change });
  return { plan, password, tryIt };
}

test("the account says who it is, which server it is on, and how long that took", async () => {
  const { plan, tryIt } = await lent();
  const found = await tryIt();
  expect(found.username).toBe(plan.name);
  expect(found.serverVersion).toMatch(/^PostgreSQL \d+\.\d+/);
  expect(found.latencyMs).toBeGreaterThan(0);
});

test("what keeps it out is said without the password", async () => {
  const { plan, password, tryIt } = await lent();
  const kinds = { password: "authentication", port: "unreachable", dbname: "invalid" } as const;
  for (const [field, kind] of Object.entries(kinds)) {
    const wrong = { password: { password: newPassword() }, port: { port: 9 }, dbname: { dbname: "nowhere" } }[
      field
    ];
    const error = await tryIt(wrong).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error, field).toMatchObject({ name: "EngineError", kind });
    expect(error?.message).not.toContain(password);
  }
  await postgres.denyLogin(world.target, { name: plan.name, grantId: plan.grantId });
  await expect(tryIt()).rejects.toMatchObject({ kind: "authentication" });
});
