import { deletingInstance } from "@daypass/core/catalog/instance.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { plusMinutes, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const told = async (id: string) =>
  (await story.world.events())
    .filter((event) => event.subjectId === id && event.operation.startsWith("grant."))
    .map((event) => event.operation);

describe("provisioning", () => {
  test("announces itself before the database is touched, verifies the login, then waits for the end", async () => {
    const { id, account, secretName } = await story.plannedGrant();
    let during: string | undefined;
    story.server.meanwhile = async () => {
      during = (await story.grant(id)).state;
    };
    const turn = await story.turn(id);
    expect(during).toBe("provisioning");
    const grant = await story.grant(id);
    expect(grant).toMatchObject({
      state: "active",
      startedAt: story.world.clock.now(),
      endsAt: plusMinutes(story.world.clock.now(), 60),
      serverId: 7,
    });
    expect(turn).toEqual({ next: "wait", until: grant.endsAt });
    expect(story.server.opens(account)).toBe(true);
    expect(story.server.secrets.has(secretName)).toBe(true);
    expect(await told(id)).toEqual(["grant.start", "grant.activate"]);
  });

  test.each(["before", "after"] as const)(
    "that fails %s its effect is tried again with the same secret, and says why meanwhile",
    async (fault) => {
      const { id, account, secretName } = await story.plannedGrant();
      story.server.faults.push(fault);
      const until = plusMs(story.world.clock.now(), 9_000);
      expect(await story.turn(id)).toEqual({ next: "wait", until, because: "unreachable" });
      expect(await story.grant(id)).toMatchObject({
        state: "provisioning",
        failure: { step: "provision", reason: "unreachable", attempts: 1 },
        nextAttemptAt: until,
      });
      const secret = story.server.secrets.get(secretName);
      expect(await story.turn(id)).toEqual({ next: "wait", until });
      story.world.clock.advance({ ms: 9_000 });
      await story.turn(id);
      expect(await story.grant(id)).toMatchObject({
        state: "active",
        endsAt: plusMinutes(story.world.clock.now(), 60),
      });
      expect(await story.grant(id)).not.toHaveProperty("failure");
      expect(story.server.secrets.get(secretName)).toBe(secret);
      expect(story.server.accounts.get(account)?.password).toBe(secret);
    },
  );

  test("of which only the login failed is not said to be active", async () => {
    const { id } = await story.plannedGrant();
    story.server.faults.push(undefined, "before");
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "provisioning", failure: { step: "provision" } });
  });

  test("is given up after half an hour, visibly, and what it left behind is taken back", async () => {
    const { id, account, secretName } = await story.plannedGrant();
    story.server.faults.push("after");
    await story.turn(id);
    story.server.isUp = false;
    for (let minutes = 0; minutes < 36; minutes += 6) {
      story.world.clock.advance({ minutes: 6 });
      await story.turn(id);
    }
    expect(await story.grant(id)).toMatchObject({
      state: "revoking",
      endedBy: "failure",
      failure: { step: "revoke" },
    });
    story.server.isUp = true;
    story.world.clock.advance({ minutes: 6 });
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(await story.grant(id)).toMatchObject({ state: "revoked", endedBy: "failure" });
    expect(story.server.accounts.has(account)).toBe(false);
    expect(story.server.secrets.has(secretName)).toBe(false);
    const given = (await story.world.events()).find(
      ({ operation }) => operation === "grant.begin-revocation",
    );
    expect(given).toMatchObject({
      outcome: "failed",
      data: { endedBy: "failure", message: "The server cannot be reached." },
    });
  });

  test("of a grant that was ended meanwhile leaves no account", async () => {
    const { id, account, secretName } = await story.plannedGrant();
    story.server.meanwhile = async () => {
      await endGrant(story.ctx("engineer"), { id });
      await advanceGrant(story.server.broker(sweeper), id);
      expect(await story.grant(id)).toMatchObject({ state: "revoked" });
    };
    story.server.faults.push(undefined, undefined);
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(story.server.accounts.has(account)).toBe(false);
    expect(story.server.secrets.has(secretName)).toBe(false);
  });

  test("of a grant that another one made active meanwhile leaves the end that is on record", async () => {
    const { id, account } = await story.plannedGrant();
    story.server.meanwhile = async () => {
      story.world.clock.advance({ minutes: 3 });
      await advanceGrant(story.server.broker(sweeper), id);
    };
    expect(await story.turn(id)).toEqual({ next: "again" });
    const grant = await story.grant(id);
    expect(grant).toMatchObject({ state: "active", endsAt: plusMinutes(story.world.clock.now(), 60) });
    expect(story.server.accounts.get(account)?.plan.expiresAtMs).toBe(Date.parse(grant.endsAt ?? ""));
  });

  test("by two at once makes one account and one active grant", async () => {
    const { id, account } = await story.plannedGrant();
    await Promise.all([story.turn(id), advanceGrant(story.server.broker(sweeper), id)]);
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "active" });
    expect([...story.server.accounts.keys()]).toEqual([account]);
    expect((await told(id)).filter((name) => name === "grant.activate")).toHaveLength(1);
  });

  test("on an instance that is gone is a failure with its reason, not a crash", async () => {
    const { id } = await story.plannedGrant();
    await commitAll(story.world, [deletingInstance(story.world, story.registered.instance)]);
    expect(await story.turn(id)).toMatchObject({ next: "wait" });
    expect((await story.grant(id)).failure).toMatchObject({
      reason: "other",
      message: "The instance of this grant is no longer registered.",
    });
  });
});

describe("a running grant", () => {
  test("is left alone until its end, and not a moment longer", async () => {
    const grant = await story.activeGrant();
    story.world.clock.advance({ minutes: 60, ms: -1 });
    expect(await story.turn(grant.id)).toEqual({ next: "wait", until: grant.endsAt });
    expect(await story.grant(grant.id)).toEqual(grant);
    story.world.clock.advance({ ms: 1 });
    expect(await story.turn(grant.id)).toEqual({ next: "done" });
    expect(await told(grant.id)).toEqual([
      "grant.start",
      "grant.activate",
      "grant.begin-revocation",
      "grant.finish",
    ]);
  });

  test("that ends within a second is waited for to the next whole one, never woken too early", async () => {
    story.world.clock.advance({ ms: 250 });
    const { id } = await story.plannedGrant();
    const turn = await story.turn(id);
    const { endsAt = story.world.clock.now() } = await story.grant(id);
    expect(endsAt).toMatch(/\.250Z$/);
    expect(turn).toEqual({ next: "wait", until: plusMs(endsAt, 750) });
  });
});

describe("an extension", () => {
  const extended = async () => {
    const grant = await story.activeGrant();
    await story.approve((await story.extend(grant.id, 30)).id);
    return grant;
  };

  test("is told to the database, and the wait is for the new end", async () => {
    const { id, account, endsAt = story.world.clock.now() } = await extended();
    const later = plusMinutes(endsAt, 30);
    expect(await story.turn(id)).toEqual({ next: "wait", until: later });
    expect(await story.grant(id)).toMatchObject({ endsAt: later, databaseEndsAt: later });
    expect(story.server.accounts.get(account)?.plan.expiresAtMs).toBe(Date.parse(later));
  });

  test("that the database could not be told is tried again, and its failure is gone once it knows", async () => {
    const { id } = await extended();
    story.server.faults.push("before");
    expect(await story.turn(id)).toEqual({ next: "wait", until: plusMs(story.world.clock.now(), 9_000) });
    expect(await story.grant(id)).toMatchObject({ failure: { step: "extend", attempts: 1 } });
    story.world.clock.advance({ ms: 9_000 });
    await story.turn(id);
    expect(await story.grant(id)).not.toHaveProperty("failure");
  });

  test("that the database did not learn of in time is undone visibly: access ends early, never late", async () => {
    const { id, account, endsAt } = await extended();
    story.server.faults.push("before");
    await story.turn(id);
    story.world.clock.advance({ minutes: 60 });
    expect(story.server.opens(account)).toBe(false);
    expect(await story.turn(id)).toEqual({ next: "again" });
    expect(await story.grant(id)).toMatchObject({ state: "active", endsAt });
    const event = (await story.world.events()).at(-1);
    expect(event).toMatchObject({
      operation: "grant.undo-extension",
      outcome: "failed",
      data: { endsAt, message: "The connection broke." },
    });
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "revoked", endedBy: "expiry", endsAt });
  });

  test("of which only the answer was lost is not undone on paper alone: no login after the end on record", async () => {
    const { id, account, endsAt = story.world.clock.now() } = await extended();
    story.server.faults.push("after");
    await story.turn(id);
    story.world.clock.advance({ minutes: 60 });
    story.server.isUp = false;
    const turn = await story.turn(id);
    expect(turn.next).toBe("wait");
    expect(story.server.opens(account)).toBe(true);
    expect(await story.grant(id)).toMatchObject({
      state: "active",
      endsAt: plusMinutes(endsAt, 30),
      failure: { step: "extend", attempts: 2 },
    });
    story.world.clock.advance({ minutes: 30 });
    expect(story.server.opens(account)).toBe(false);
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "revoking", endedBy: "expiry" });
  });

  test("that was undone while its late attempt was under way leaves the end that is on record", async () => {
    const { id, account, endsAt = story.world.clock.now() } = await extended();
    story.server.meanwhile = async () => {
      story.world.clock.advance({ minutes: 60 });
      await advanceGrant(story.server.broker(sweeper), id);
    };
    expect(await story.turn(id)).toEqual({ next: "again" });
    expect(await story.grant(id)).toMatchObject({ state: "active", endsAt });
    expect(story.server.accounts.get(account)?.plan.expiresAtMs).toBe(Date.parse(endsAt));
  });
});

describe("revoking", () => {
  test("is said only after the account was seen absent; the secret goes first", async () => {
    const { id, account, secretName } = await story.activeGrant();
    story.world.clock.advance({ minutes: 60 });
    story.server.faults.push("after");
    await story.turn(id);
    expect(story.server.accounts.has(account)).toBe(false);
    expect(await story.grant(id)).toMatchObject({ state: "revoking", failure: { step: "revoke" } });
    story.world.clock.advance({ minutes: 1 });
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(story.server.secrets.has(secretName)).toBe(false);
    const event = (await story.world.events()).at(-1);
    expect(event).toMatchObject({
      operation: "grant.finish",
      data: { account, absentAt: story.world.clock.now(), sessionsEnded: 1 },
    });
  });

  test("of an account that is gone already is a success", async () => {
    const { id, account } = await story.activeGrant();
    story.server.accounts.delete(account);
    story.world.clock.advance({ minutes: 60 });
    expect(await story.turn(id)).toEqual({ next: "done" });
  });

  test("goes on for as long as the server is away, saying why, and ends when it is back", async () => {
    const { id } = await story.activeGrant();
    story.world.clock.advance({ minutes: 60 });
    story.server.isUp = false;
    let longestMs = 0;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const turn = await story.turn(id);
      const until = turn.next === "wait" ? Date.parse(turn.until) : Number.NaN;
      longestMs = Math.max(longestMs, until - Date.parse(story.world.clock.now()));
      story.world.clock.advance({ minutes: 5 });
    }
    expect(longestMs).toBeLessThanOrEqual(180_000);
    expect(await story.grant(id)).toMatchObject({
      state: "revoking",
      failure: { reason: "unreachable", attempts: 12, message: "The server cannot be reached." },
    });
    story.server.isUp = true;
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(await story.grant(id)).not.toHaveProperty("failure");
  });

  test("of an account that cannot be dropped quarantines it, and is tried for ever", async () => {
    const { id, account } = await story.activeGrant();
    story.world.clock.advance({ minutes: 60 });
    story.server.faults.push("quarantine", "quarantine");
    await story.turn(id);
    expect(story.server.opens(account)).toBe(false);
    expect(await story.grant(id)).toMatchObject({
      state: "quarantined",
      failure: {
        reason: "owned-objects",
        loginDenied: true,
        blockers: ["table public.leftover"],
        message: "Login is denied and no session is left, but the account cannot be dropped yet.",
      },
    });
    story.world.clock.advance({ minutes: 1 });
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "quarantined", failure: { attempts: 2 } });
    story.world.clock.advance({ minutes: 1 });
    expect(await story.turn(id)).toEqual({ next: "done" });
  });

  test("by timer and sweeper at once ends once", async () => {
    const { id } = await story.activeGrant();
    story.world.clock.advance({ minutes: 61 });
    await Promise.all([story.turn(id), advanceGrant(story.server.broker(sweeper), id)]);
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect((await told(id)).filter((name) => name === "grant.finish")).toHaveLength(1);
  });
});

test("of a revoked or an unknown grant there is nothing left to do", async () => {
  const { id } = await story.activeGrant();
  story.world.clock.advance({ minutes: 61 });
  await story.turn(id);
  const { events } = await story.world.watch(async () => {
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(await story.turn("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"grant">)).toEqual({ next: "done" });
  });
  expect(events).toEqual([]);
});
