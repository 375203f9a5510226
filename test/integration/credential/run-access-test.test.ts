import type { RunnerContext } from "@daypass/core/credential/access-test.port.ts";
import { runAccessTest } from "@daypass/core/credential/run-access-test.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { conflict } from "@daypass/core/kernel/errors.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { EngineError } from "@daypass/databases/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
let grant: Grant;
beforeAll(async () => {
  story = await createStory();
  grant = await story.activeGrant();
});
afterAll(() => story.world.close());

const reads: string[] = [];
function runner(change: Partial<RunnerContext> = {}): RunnerContext {
  return {
    ...story.world.ctx({ kind: "anonymous" }),
    credentialOf: async ({ secretName }) => {
      reads.push(secretName);
      const password = story.server.secrets.get(secretName) ?? "";
      const host = { engine: "postgres", host: "db.example.com", port: 5432, dbname: "shop" };
      return { ...host, username: grant.account, password };
    },
    logIn: async (_instance, { username }) => ({
      username,
      serverVersion: "PostgreSQL 17.10",
      latencyMs: 11.6,
    }),
    ...change,
  };
}
const logIn = (error: Error) => ({ logIn: () => Promise.reject(error) });

test("it logs in with the grant's own secret and tells server and time", async () => {
  reads.length = 0;
  expect(await runAccessTest(runner(), grant.id)).toEqual({
    ok: true,
    serverVersion: "PostgreSQL 17.10",
    latencyMs: 12,
  });
  expect(reads).toEqual([grant.secretName]);
});

test.each([
  ["unreachable", new EngineError("unreachable", "no connection (ETIMEDOUT)")],
  ["authentication", new EngineError("authentication", "password authentication failed")],
  ["other", new EngineError("permission", "permission denied for database")],
] as const)("%s is said in the engine's own words", async (reason, error) => {
  expect(await runAccessTest(runner(logIn(error)), grant.id)).toEqual({
    ok: false,
    reason,
    message: error.message,
  });
});

test("a secret that is gone is said", async () => {
  const gone = { credentialOf: () => Promise.reject(conflict("credential.gone", "The secret is gone.")) };
  expect(await runAccessTest(runner(gone), grant.id)).toMatchObject({ ok: false, reason: "secret" });
});

test("what was not made to be shown is not shown", async () => {
  const failing = runAccessTest(runner(logIn(new TypeError("hunter2"))), grant.id);
  await expect(failing).rejects.toThrow(TypeError);
});

test("another account under the same name of a secret is no success", async () => {
  const other = { logIn: async () => ({ username: "admin", serverVersion: "x", latencyMs: 1 }) };
  expect(await runAccessTest(runner(other), grant.id)).toMatchObject({ ok: false, reason: "authentication" });
});

test("no secret is read for a grant that does not last, whoever calls", async () => {
  const own = await createStory();
  const ended = await own.activeGrant();
  await endGrant(own.ctx("engineer"), { id: ended.id });
  reads.length = 0;
  const ctx = { ...runner(), ...own.world.ctx({ kind: "anonymous" }) };
  for (const id of [ended.id, "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"grant">]) {
    expect(await runAccessTest(ctx, id)).toMatchObject({ ok: false, reason: "not-active" });
  }
  expect(reads).toEqual([]);
  await own.world.close();
});
