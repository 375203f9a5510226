import { describe, expect, test } from "vitest";
import { type Instant, plusMinutes, plusMs } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import {
  accountName,
  backoffMs,
  dueAt,
  extendedGrant,
  failed,
  type Grant,
  grantIdOf,
  isGivenUp,
  isLive,
  maxExtensionMinutes,
  moved,
  needsArming,
  secretNameOf,
} from "./grant.ts";
import { type GrantState, grantStates } from "./grant.view.ts";

const noon = "2026-06-09T12:00:00.000Z" as Instant;
const one = plusMinutes(noon, 60);
const grant: Grant = {
  id: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"grant">,
  story: "01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  requestId: "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"request">,
  state: "planned",
  version: 1,
  holder: {
    id: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"user">,
    name: "Erin Vale",
    email: "erin@example.com",
  },
  database: {
    id: "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"database">,
    name: "shop",
    engine: "postgres",
    instance: { id: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"instance">, name: "shop-production" },
    environment: {
      id: "env_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"environment">,
      name: "production",
      protected: true,
    },
  },
  networkId: "net_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"network">,
  level: "read",
  scope: { kind: "database" },
  account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
  secretName: "daypass/test/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  durationMinutes: 60,
  maxTotalMinutes: 120,
  createdAt: noon,
};
const active: Grant = { ...grant, state: "active", startedAt: noon, endsAt: one, databaseEndsAt: one };
const failure: Parameters<typeof failed>[2] = {
  step: "revoke",
  reason: "unreachable",
  message: "down",
  blockers: [],
  remedy: [],
};

describe("moves", () => {
  const legal: Record<GrantState, GrantState[]> = {
    planned: ["provisioning", "revoking"],
    provisioning: ["provisioning", "active", "revoking"],
    active: ["active", "revoking"],
    revoking: ["revoking", "quarantined", "revoked", "written-off"],
    quarantined: ["quarantined", "revoked", "written-off"],
    revoked: [],
    "written-off": ["written-off"],
  };
  const pairs = grantStates.flatMap((from) => grantStates.map((to) => [from, to] as const));

  test.each(pairs)("%s → %s is as the state machine says", (from, to) => {
    const move = () => moved({ ...grant, state: from }, to);
    if (legal[from].includes(to)) expect(move()).toEqual({ ...grant, state: to, version: 2 });
    else expect(move).toThrow(expect.objectContaining({ kind: "conflict", code: "grant.illegal-move" }));
  });

  test("nothing leads back to access once revoking has begun, and revoked and written off are the only ends", () => {
    const reach = (from: GrantState, seen = new Set<GrantState>()): Set<GrantState> => {
      for (const to of legal[from]) if (!seen.has(to)) reach(to, seen.add(to));
      return seen;
    };
    expect(reach("revoking")).toEqual(new Set(["revoking", "quarantined", "revoked", "written-off"]));
    for (const state of grantStates.filter((each) => each !== "revoked" && each !== "written-off")) {
      expect(reach(state)).toContain("revoked");
    }
  });

  test("a field set to undefined is gone, not stored as nothing", () => {
    const next = moved({ ...active, nextAttemptAt: one }, "active", { nextAttemptAt: undefined });
    expect(Object.keys(next)).not.toContain("nextAttemptAt");
  });
});

describe("when the sweeper has to look", () => {
  test.each<[string, Grant, Instant | undefined]>([
    ["planned: two minutes after it was planned", grant, plusMinutes(noon, 2)],
    [
      "provisioning: two minutes after it started",
      { ...grant, state: "provisioning", startedAt: one },
      plusMinutes(one, 2),
    ],
    [
      "provisioning that failed: two minutes after its next attempt",
      { ...grant, state: "provisioning", startedAt: noon, nextAttemptAt: one },
      plusMinutes(one, 2),
    ],
    ["active: half a minute after its end", active, plusMs(one, 30_000)],
    [
      "active with an end that the database does not know: at once",
      { ...active, endsAt: plusMinutes(one, 30) },
      plusMinutes(noon, 2),
    ],
    [
      "active with a failed extension: two minutes after its next attempt",
      { ...active, endsAt: plusMinutes(one, 30), nextAttemptAt: plusMinutes(noon, 5) },
      plusMinutes(noon, 7),
    ],
    ["revoking: half a minute after its end", { ...active, state: "revoking" }, plusMs(one, 30_000)],
    [
      "revoking that failed: half a minute after its next attempt",
      { ...active, state: "revoking", nextAttemptAt: plusMinutes(one, 5) },
      plusMs(plusMinutes(one, 5), 30_000),
    ],
    [
      "quarantined: half a minute after its next attempt",
      { ...active, state: "quarantined", nextAttemptAt: plusMinutes(one, 9) },
      plusMs(plusMinutes(one, 9), 30_000),
    ],
    ["revoking before it began", { ...grant, state: "revoking" }, plusMs(noon, 30_000)],
    ["revoked: never", { ...active, state: "revoked" }, undefined],
    ["written off: never", { ...active, state: "written-off" }, undefined],
  ])("%s", (_when, at, due) => {
    expect(dueAt(at)).toBe(due);
  });

  test("every state but revoked and written off is looked at some time, and is live", () => {
    for (const state of grantStates) {
      const isOver = state === "revoked" || state === "written-off";
      expect(dueAt({ ...grant, state }) === undefined, state).toBe(isOver);
      expect(isLive({ state }), state).toBe(!isOver);
    }
  });
});

describe("backing off", () => {
  test("doubles from ten seconds to three minutes, less up to a fifth", () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 100, 1e6].map((attempts) => backoffMs(attempts, 0) / 1000);
    expect(seconds).toEqual([10, 20, 40, 80, 160, 180, 180, 180, 180]);
    expect(backoffMs(1, 1)).toBe(8000);
    expect(backoffMs(1e6, 1)).toBe(144_000);
  });

  test("counts on within one step and anew in another, and remembers since when", () => {
    const first = failed(grant, noon, failure, 0);
    expect(first).toEqual({
      failure: { ...failure, since: noon, attempts: 1 },
      nextAttemptAt: plusMs(noon, 10_000),
    });
    const second = failed({ ...grant, failure: first.failure }, one, failure, 0);
    expect(second.failure).toMatchObject({ since: noon, attempts: 2 });
    const other = failed({ ...grant, failure: first.failure }, one, { ...failure, step: "extend" }, 0);
    expect(other.failure).toMatchObject({ since: one, attempts: 1 });
  });

  test("provisioning is given up after it has failed for more than half an hour", () => {
    const since = { since: noon, attempts: 9 };
    const failing: Grant = { ...grant, failure: { ...failure, ...since, step: "provision" } };
    expect(isGivenUp(failing, plusMinutes(noon, 30))).toBe(false);
    expect(isGivenUp(failing, plusMs(plusMinutes(noon, 30), 1))).toBe(true);
    expect(isGivenUp({ ...failing, failure: { ...failure, ...since } }, one)).toBe(false);
    expect(isGivenUp(grant, one)).toBe(false);
  });
});

describe("extending", () => {
  test("moves the end from the end, and the database is told next", () => {
    const later = extendedGrant(
      { ...active, pendingExtensionId: grant.requestId },
      30,
      plusMinutes(noon, 10),
    );
    expect(later).toEqual({ ...active, endsAt: plusMinutes(one, 30), version: 2 });
    expect(needsArming(later)).toBe(true);
    expect(needsArming(active)).toBe(false);
  });

  test("of what has ended or not begun is refused, at the very end too", () => {
    const over = expect.objectContaining({ code: "grant.not-active" });
    expect(() => extendedGrant(undefined, 30, noon)).toThrow(over);
    expect(() => extendedGrant(grant, 30, noon)).toThrow(over);
    expect(() => extendedGrant({ ...active, state: "revoking" }, 30, noon)).toThrow(over);
    expect(() => extendedGrant(active, 30, one)).toThrow(over);
    expect(extendedGrant(active, 30, plusMs(one, -1)).version).toBe(2);
  });

  test("leaves what policy has in all, less what was given", () => {
    expect(maxExtensionMinutes(active, noon)).toBe(60);
    expect(maxExtensionMinutes({ ...active, endsAt: plusMs(one, 1) }, noon)).toBe(59);
    expect(maxExtensionMinutes({ ...active, endsAt: plusMinutes(one, 90) }, noon)).toBe(0);
    expect(maxExtensionMinutes(active, one)).toBe(0);
    expect(maxExtensionMinutes(grant, noon)).toBe(0);
  });
});

test("names follow from the request alone, and fit where they have to", () => {
  const id = grantIdOf(grant.requestId);
  expect(id).toBe(grant.id);
  expect(accountName(id)).toBe("dp_01jd8z5k3qw8r4t6y2x9v7b1cn");
  expect(accountName(id).length).toBeLessThanOrEqual(32);
  expect(secretNameOf("test", id)).toBe("daypass/test/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN");
});
