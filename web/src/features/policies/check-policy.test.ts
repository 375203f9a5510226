import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check-policy.ts";
import { newPolicy } from "./policy-value.ts";

const good = {
  name: "Analysts read the shop",
  effect: "allow",
  who: { groups: ["analysts"] },
  may: { levels: ["read"], breakGlass: { maxDurationMinutes: 30 } },
  on: { environments: ["production"], labels: ["data=personal"] },
  for: {
    maxDurationMinutes: 240,
    hours: { timeZone: "Asia/Tokyo", weekdays: ["mon"], from: "09:00", to: "24:00" },
  },
  approval: [{ count: 1, groups: ["team-leads"] }],
};
const found = (policy: unknown) => checkPolicy(policy).map(({ path, key }) => `${path}: ${key}`);

describe("checkPolicy", () => {
  it("finds nothing in a good allow, a good deny, and an approval that is empty on purpose", () => {
    expect(found(good)).toEqual([]);
    expect(found({ ...good, approval: [] })).toEqual([]);
    expect(
      found({ name: "No exports", effect: "deny", who: { everyone: true }, may: { export: true }, on: {} }),
    ).toEqual([]);
  });

  it("names what a new policy still lacks", () => {
    expect(found(newPolicy)).toEqual(["name: missing", "who: who", "approval.0: nobody"]);
  });

  it("refuses unknown fields wherever they are, and approval on a deny", () => {
    expect(found({ ...good, extra: 1, for: { ...good.for, max: 2 } })).toEqual([
      "extra: unknown",
      "for.max: unknown",
    ]);
    expect(found({ ...good, effect: "deny", may: { levels: ["read"] } })).toContain("approval: unknown");
  });

  it("refuses empty lists where a list narrows, and everyone beside named people", () => {
    expect(found({ ...good, on: { databases: [] } })).toEqual(["on.databases: emptyList"]);
    expect(found({ ...good, who: { everyone: true, groups: ["a"] } })).toEqual(["who: who"]);
  });

  it("holds durations against each other and against the most there is", () => {
    expect(found({ ...good, for: { maxDurationMinutes: 60, maxTotalMinutes: 30 } })).toEqual([
      "for.maxTotalMinutes: totalShorter",
    ]);
    expect(found({ ...good, for: { maxDurationMinutes: 43_201 } })).toEqual([
      "for.maxDurationMinutes: minutes",
    ]);
    expect(found({ ...good, for: { maxDurationMinutes: 1.5 } })).toEqual(["for.maxDurationMinutes: minutes"]);
  });

  it("refuses steps that nobody or too few could complete", () => {
    expect(found({ ...good, approval: [{ count: 2, users: ["usr_1"] }] })).toEqual([
      "approval.0.count: tooFew",
    ]);
    expect(found({ ...good, approval: [{ count: 0, groups: ["a"] }] })).toEqual(["approval.0.count: count"]);
  });

  it("refuses hours of an unknown zone, no weekday, or no length", () => {
    const hours = { timeZone: "+09:00", weekdays: [], from: "09:00", to: "09:00" };
    expect(found({ ...good, for: { maxDurationMinutes: 60, hours } })).toEqual([
      "for.hours.timeZone: timeZone",
      "for.hours.weekdays: weekdays",
      "for.hours.to: sameTime",
    ]);
  });
});
