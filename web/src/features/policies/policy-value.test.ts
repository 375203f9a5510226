import { describe, expect, it } from "vitest";
import { policyFile } from "./policy-file.ts";
import { asWritten, textsAt, valueAt, withEffect, withValue } from "./policy-value.ts";

describe("withValue", () => {
  it("changes one field and leaves what the form does not know", () => {
    const before = { name: "a", later: [1], for: { maxDurationMinutes: 60, hours: { from: "09:00" } } };
    expect(withValue(before, ["for", "maxDurationMinutes"], 90)).toEqual({
      ...before,
      for: { maxDurationMinutes: 90, hours: { from: "09:00" } },
    });
    expect(before.for.maxDurationMinutes).toBe(60);
  });

  it("takes a field out, and an optional object that is left empty", () => {
    expect(withValue({ for: { hours: {} } }, ["for", "hours"], undefined)).toEqual({});
    expect(withValue({ on: { labels: ["a=b"] } }, ["on", "labels"], undefined)).toEqual({ on: {} });
  });

  it("reaches into the steps of an approval", () => {
    const before = { approval: [{ count: 1 }, { count: 2 }] };
    expect(withValue(before, ["approval", 1, "count"], 3)).toEqual({
      approval: [{ count: 1 }, { count: 3 }],
    });
  });

  it("makes the objects on the way where the file has none", () => {
    expect(withValue(null, ["may", "breakGlass", "maxDurationMinutes"], 30)).toEqual({
      may: { breakGlass: { maxDurationMinutes: 30 } },
    });
  });
});

describe("reading what is not a policy", () => {
  it("finds nothing rather than throwing", () => {
    expect(valueAt(5, ["who", "groups"])).toBeUndefined();
    expect(valueAt({}, ["constructor"])).toBeUndefined();
    expect(textsAt({ who: { groups: ["a", 1, "a"] } }, ["who", "groups"])).toEqual(["a"]);
  });
});

describe("withEffect", () => {
  it("never turns a deny into an allow without approval", () => {
    expect(withEffect({ effect: "deny", may: { levels: ["write"] } }, "allow")).toMatchObject({
      may: { levels: ["write"] },
      approval: [{ count: 1, groups: [] }],
    });
  });

  it("drops from an allow what a deny does not have", () => {
    const deny = withEffect(
      {
        effect: "allow",
        may: { levels: ["read"], export: true },
        for: { maxDurationMinutes: 5 },
        approval: [],
      },
      "deny",
    );
    expect(deny).toEqual({ effect: "deny", may: { levels: ["read"] } });
  });
});

describe("asWritten", () => {
  it("leaves out what absence says too, and keeps an empty approval, which has to be written", () => {
    const stored = {
      name: "n",
      description: "",
      enabled: true,
      effect: "allow",
      who: { everyone: false, users: [], groups: ["a"] },
      may: { levels: ["read"], unmask: false, export: true },
      on: {},
      for: { maxDurationMinutes: 60 },
      approval: [],
    };
    expect(JSON.parse(policyFile(asWritten(stored)))).toEqual({
      name: "n",
      effect: "allow",
      who: { groups: ["a"] },
      may: { levels: ["read"], export: true },
      on: {},
      for: { maxDurationMinutes: 60 },
      approval: [],
    });
  });

  it("keeps that a policy is disabled", () => {
    expect(asWritten({ effect: "deny", enabled: false, for: {} })).toMatchObject({ enabled: false });
  });
});

describe("policyFile", () => {
  it("writes fields in reading order, short lists on one line, unknown fields last", () => {
    const file = policyFile({ extra: 1, on: {}, who: { groups: ["a", "b"] }, name: "n" });
    expect(file).toBe(
      '{\n  "name": "n",\n  "who": { "groups": ["a", "b"] },\n  "on": {},\n  "extra": 1\n}\n',
    );
  });

  it("breaks what is too long for a line", () => {
    const file = policyFile({ approval: [{ count: 1, groups: ["g".repeat(50), "h".repeat(50)] }] });
    expect(Math.max(...file.split("\n").map((line) => line.length))).toBeLessThan(70);
    expect(JSON.parse(file)).toEqual({ approval: [{ count: 1, groups: ["g".repeat(50), "h".repeat(50)] }] });
  });
});
