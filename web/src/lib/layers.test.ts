import { describe, expect, test } from "vitest";
import type { GrantView } from "./api.ts";
import { layersOf } from "./layers.ts";

type Known = Parameters<typeof layersOf>[0];
const instant = (text: string) => `2026-03-13T${text}.000Z` as GrantView["createdAt"];
const before = Date.parse(instant("05:30:00"));
const after = Date.parse(instant("06:00:30"));
const active: Known = {
  state: "active",
  endsAt: instant("06:00:00"),
  databaseEndsAt: instant("06:00:00"),
  deadManSwitch: "login",
  timerSeenAt: instant("05:00:01"),
  nextAttemptAt: null,
  failure: null,
  endedBy: null,
};
const failure = (loginDenied: boolean | null) =>
  ({ step: "revoke", reason: "permission", loginDenied }) as NonNullable<GrantView["failure"]>;
const revoking: Known = { ...active, state: "revoking", databaseEndsAt: null, endedBy: "expiry" };
const says = (grant: Known, nowMs = before, sweptAt: string | null = instant("05:29:30")) => {
  const { database, timer, sweeper } = layersOf(grant, sweptAt, nowMs);
  return [database.says, timer.says, sweeper.says];
};

describe("a running grant", () => {
  test("is armed thrice, and the database names the end that it was told", () => {
    expect(says(active)).toEqual(["login", "running", "alive"]);
    const extending = { ...active, endsAt: instant("07:00:00") };
    expect(layersOf(extending, null, before).database.at).toBe(instant("06:00:00"));
  });

  test("on a server that drops by itself, or does nothing, is told so", () => {
    expect(says({ ...active, deadManSwitch: "drop" })[0]).toBe("drop");
    expect(layersOf({ ...active, deadManSwitch: "none" }, null, before).database).toMatchObject({
      says: "none",
      tone: "amber",
    });
  });

  test("from before the switch was kept claims nothing", () => {
    expect(says({ ...active, deadManSwitch: null })[0]).toBe("untold");
  });

  test("whose timer left no sign says that the sweeper stands in", () => {
    expect(layersOf({ ...active, timerSeenAt: null }, null, before).timer).toMatchObject({
      says: "unseen",
      tone: "amber",
    });
  });

  test("past its end is refused by the database and due at the timer", () => {
    expect(says(active, after).slice(0, 2)).toEqual(["loginSince", "due"]);
  });
});

describe("the sweeper", () => {
  test("is alive for three minutes after its last sign, then silent", () => {
    expect(says(active, before, instant("05:27:00"))[2]).toBe("alive");
    expect(layersOf(active, instant("05:26:59"), before).sweeper).toMatchObject({
      says: "silent",
      tone: "red",
    });
    expect(says(active, before, null)[2]).toBe("never");
  });
});

describe("a grant that is being taken back", () => {
  test("after its end relies on the database; ended early it does not know until somebody looked", () => {
    expect(says(revoking, after)[0]).toBe("loginSince");
    expect(says({ ...revoking, endedBy: "holder" }, after)[0]).toBe("unseen");
  });

  test("is called locked only where somebody saw it", () => {
    expect(says({ ...revoking, endedBy: "holder", failure: failure(true) }, after)[0]).toBe("denied");
    expect(layersOf({ ...revoking, failure: failure(false) }, null, after).database).toMatchObject({
      says: "open",
      tone: "red",
    });
    expect(says({ ...revoking, endedBy: "holder", failure: failure(null) }, after)[0]).toBe("unseen");
  });

  test("that failed says when it is tried again", () => {
    const next = instant("06:05:00");
    expect(layersOf({ ...revoking, failure: failure(true), nextAttemptAt: next }, null, after).timer).toEqual(
      {
        says: "retries",
        tone: "green",
        at: next,
      },
    );
    expect(says(revoking, after)[1]).toBe("working");
  });
});

test("a grant that is being made is not armed yet", () => {
  const planned: Known = { ...active, state: "planned", timerSeenAt: null };
  expect(says(planned).slice(0, 2)).toEqual(["waiting", "awaited"]);
  expect(says({ ...planned, state: "provisioning", timerSeenAt: instant("05:00:01") })[1]).toBe("starting");
});
