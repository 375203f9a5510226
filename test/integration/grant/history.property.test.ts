import { endInstanceAccess } from "@daypass/core/catalog/end-instance-access.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { accountName, grantIdOf } from "@daypass/core/grant/grant.ts";
import { retryGrant } from "@daypass/core/grant/retry-grant.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import { type Id, newId } from "@daypass/core/kernel/ids.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import { findRequest } from "@daypass/core/request/request.store.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AccountServerModel, type Fault } from "../account-server-model.ts";
import { createWorld, type World } from "../harness.ts";
import { type Registered, register } from "../registered.ts";

type Step =
  | { do: "turn" | "sweep" | "end" | "retry" | "approve-extension" | "down" | "up" }
  | { do: "reconcile" | "orphan" | "end-all" }
  | { do: "point"; to: "db.example.com" | "other.example.com" | "copy.example.com" }
  | { do: "wait"; minutes: number }
  | { do: "extend"; minutes: number }
  | { do: "faults"; faults: (Fault | undefined)[] }
  | { do: "table"; unread: number; seed: number }
  | { do: "meanwhile"; what: "turn" | "end" | "wait" | "reconcile" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: "turn" } as const) },
  { weight: 2, arbitrary: fc.constant({ do: "sweep" } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("extend" as const), minutes: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: "approve-extension" } as const) },
  { weight: 1, arbitrary: fc.constantFrom({ do: "end" } as const, { do: "retry" } as const) },
  { weight: 1, arbitrary: fc.constantFrom({ do: "down" } as const, { do: "up" } as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { do: "reconcile" } as const,
      { do: "orphan" } as const,
      { do: "end-all" } as const,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("point" as const),
      to: fc.constantFrom("db.example.com", "other.example.com", "copy.example.com"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("faults" as const),
      faults: fc.array(fc.constantFrom<Fault | undefined>("before", "after", "quarantine", undefined), {
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("table" as const),
      unread: fc.constantFrom(0, 0.5, 0.9),
      seed: fc.nat(1000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("meanwhile" as const),
      what: fc.constantFrom("turn", "end", "wait", "reconcile"),
    }),
  },
);

test("whatever happens in between, no login is possible after the end, revoked means absent, and all end revoked", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = await createWorld();
      try {
        await play(world, await register(world), steps);
      } finally {
        await world.close();
      }
    }),
    { numRuns: 60 },
  );
}, 240_000);

async function play(world: World, registered: Registered, steps: readonly Step[]): Promise<void> {
  const server = new AccountServerModel(world);
  const request = await createRequest(world.ctx("engineer"), {
    databaseId: registered.database.id,
    level: "read",
    durationMinutes: 60,
    reason: "look into the orders of yesterday",
  });
  await reviewRequest(world.ctx("lead"), { id: request.id, decision: "approve" });
  const id = grantIdOf(request.id);
  server.addServer("other.example.com", "two");
  const orphans: string[] = [];
  let extension: Id<"request"> | undefined;
  let isCopyBelieved = false;
  let versionSeen = 0;
  for (const one of steps) {
    await tolerant(() => take(one));
    await check();
  }
  server.isUp = true;
  server.host = "db.example.com";
  server.faults.length = 0;
  server.meanwhile = undefined;
  world.table.dynamoDb.faults.set([]);
  for (let minutes = 0; minutes < 10 * 60 && (await grant()).state !== "revoked"; minutes += 5) {
    world.clock.advance({ minutes: 5 });
    await sweepWith("sweeper");
    await check();
  }
  expect((await grant()).state).toBe("revoked");
  // G5: what no grant knows is closed by the next comparison, and dropped after its grace period.
  await reconcile();
  expect(orphans.filter((name) => server.opens(name))).toEqual([]);
  world.clock.advance({ days: 1 });
  await reconcile();
  // A copy keeps what it was made with until somebody has it compared.
  for (const host of server.servers.keys()) {
    server.host = host;
    await reconcile();
    world.clock.advance({ days: 1 });
    await reconcile();
  }
  expect(everywhere()).toEqual([]);
  expect([...server.secrets.keys()]).toEqual([]);
  world.clock.advance({ hours: 24 });
  await sweepWith("sweeper");
  if (extension)
    expect((await findRequest(world, extension))?.status, "an extension outlived its grant").not.toBe(
      "pending",
    );

  async function take(one: Step): Promise<unknown> {
    switch (one.do) {
      case "turn":
        return advanceGrant(server.broker(), id);
      case "sweep":
        return sweepWith("sweeper");
      case "wait":
        return world.clock.advance({ minutes: one.minutes });
      case "end":
        return endGrant(world.ctx("engineer"), { id });
      case "retry":
        return retryGrant(world.ctx("engineer"), { id });
      case "extend": {
        const filed = await extendGrant(world.ctx("engineer"), {
          id,
          durationMinutes: one.minutes,
          reason: "not done yet",
        });
        extension = filed.id;
        return filed;
      }
      case "approve-extension":
        return extension && reviewRequest(world.ctx("lead"), { id: extension, decision: "approve" });
      case "reconcile":
        return reconcile();
      case "orphan": {
        const grantId = newId("grant", world.ids);
        const name = accountName(grantId);
        const expiresAtMs = epochMs(world.clock.now()) + 999 * 3_600_000;
        const plan = { name, grantId, database: "shop", level: "read", scope: { kind: "database" } } as const;
        orphans.push(name);
        return server.accounts.set(name, { plan: { ...plan, expiresAtMs }, password: "", canLogin: true });
      }
      case "end-all":
        return endInstanceAccess(world.ctx("administrator"), {
          id: registered.instance.id,
          reason: "an incident",
        });
      case "point":
        // A copy of the first server as it was when somebody first pointed to it.
        if (one.to === "copy.example.com" && !server.servers.has(one.to)) {
          server.addServer(one.to, server.first.identity, server.accounts);
        }
        return (server.host = one.to);
      case "down":
        return (server.isUp = false);
      case "up":
        return (server.isUp = true);
      case "faults":
        return server.faults.push(...one.faults);
      case "table":
        return world.table.dynamoDb.faults.set(
          one.unread > 0 ? [{ fault: "unprocessed-keys", share: one.unread, seed: one.seed }] : [],
        );
      case "meanwhile":
        server.meanwhile = async () => {
          await tolerant(() => take(one.what === "wait" ? { do: "wait", minutes: 30 } : { do: one.what }));
        };
        return undefined;
    }
  }

  function sweepWith(name: "sweeper") {
    const actor = { kind: "system", name } as const;
    return sweep({
      ...world.ctx(actor),
      brokers: {
        turn: async (_network, grantId) => void (await advanceGrant(server.broker(actor), grantId)),
        reconcile: (_network, instanceId) => runReconciliation(server.broker(actor), instanceId),
      },
    });
  }

  function reconcile(): Promise<void> {
    return runReconciliation(server.broker({ kind: "system", name: "sweeper" }), registered.instance.id);
  }

  function everywhere(): string[] {
    return [...server.servers.values()].flatMap(({ accounts }) => [...accounts.keys()]);
  }

  async function check(): Promise<void> {
    const now = await grant();
    const { account, state, endsAt, version } = now;
    const made = server.servers.get(now.server?.host ?? server.host) ?? server.first;
    // Of an original that is down and its copy that answers the copy is believed (decision 10): from then on the
    // database's own end and the comparison are what is left of G1 and G6.
    if ((state === "revoked" || state === "quarantined") && version !== versionSeen) {
      const found = server.servers.get(server.host);
      isCopyBelieved ||= !made.isUp && found !== made && found?.identity === made.identity;
    }
    versionSeen = version;
    // G1: at its regular end the database refuses by itself; of an early one it has to be told first.
    const isEarly = now.endedBy !== undefined && now.endedBy !== "expiry";
    const isTold = !isEarly || (state === "quarantined" && !isCopyBelieved);
    if (endsAt && isTold && world.clock.now() >= endsAt) {
      expect(server.opens(account, made), `login after the end, ${state}`).toBe(false);
    }
    // G6: revoked is said only of what is absent.
    if (state === "revoked" && !isCopyBelieved) {
      expect(made.accounts.has(account), "revoked but present").toBe(false);
    }
    // G7: a running grant lets its holder in until its end, or an extension is still on its way to the database.
    if (
      state === "active" &&
      endsAt &&
      server.isUp &&
      now.databaseEndsAt &&
      world.clock.now() < now.databaseEndsAt
    ) {
      expect(server.opens(account, made), "closed before the end").toBe(true);
    }
    const told = made.accounts.get(account)?.plan.expiresAtMs ?? 0;
    if (endsAt && now.endedBy === undefined)
      expect(told, "the database was told a later end").toBeLessThanOrEqual(epochMs(endsAt));
  }

  async function grant() {
    const found = await findGrant(world, id);
    if (!found) throw new Error("the grant is gone");
    return found;
  }
}

/** A refusal or a conflict is an answer; anything else is a fault of ours. */
async function tolerant(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}
