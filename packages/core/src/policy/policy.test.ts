import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { policyDocumentSchema } from "./policy.ts";

const valid = {
  name: "Analysts read production",
  effect: "allow",
  who: { groups: ["analysts"] },
  may: { levels: ["read"] },
  on: { environments: ["production"], databases: ["shop*"], labels: ["team=shop"] },
  for: {
    maxDurationMinutes: 240,
    hours: { timeZone: "Asia/Tokyo", weekdays: ["mon"], from: "09:00", to: "18:00" },
  },
  approval: [{ count: 1, groups: ["leads"] }],
};

const deny = {
  name: "No contractor sees salaries",
  effect: "deny",
  who: { groups: ["contractors"] },
  may: { levels: ["read"] },
  on: { databases: ["salaries"] },
};

const accepts = (document: unknown) => policyDocumentSchema.safeParse(document).success;
const set = (path: string, value: unknown, document: object = valid): unknown => {
  const copy = structuredClone(document);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), copy);
  Reflect.set(Object(parent), last, value);
  return copy;
};

describe("a policy document", () => {
  test("is filled with what people left out, and nothing that gives more than they wrote", () => {
    expect(policyDocumentSchema.parse(valid)).toEqual({
      ...valid,
      description: "",
      enabled: true,
      who: { everyone: false, users: [], groups: ["analysts"] },
      may: { levels: ["read"], unmask: false, export: false },
      approval: [{ count: 1, users: [], groups: ["leads"] }],
    });
    expect(policyDocumentSchema.parse(deny)).toMatchObject({ enabled: true, for: {} });
  });

  test("that was stored reads back unchanged", () => {
    const parsed = policyDocumentSchema.parse(valid);
    expect(policyDocumentSchema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test.each([
    "colour",
    "who.roles",
    "may.everything",
    "on.database",
    "for.days",
    "for.hours.zone",
    "approval.0.any",
  ])("with an unknown field %s is refused", (path) => {
    expect(accepts(set(path, ["x"]))).toBe(false);
  });

  test("with a field named __proto__ is refused, wherever it stands", () => {
    for (const at of ["", "who", "may", "on", "for"]) {
      const text = JSON.stringify(at === "" ? { ...valid, PROTO: {} } : set(`${at}.PROTO`, {}));
      expect(accepts(JSON.parse(text.replace("PROTO", "__proto__")))).toBe(false);
    }
  });

  test.each([
    ["approval", undefined],
    ["effect", undefined],
    ["effect", "maybe"],
    ["name", ""],
    ["name", " Analysts"],
    ["name", "Ana\u202elysts"],
    ["name", "x".repeat(101)],
    ["description", "x".repeat(1001)],
    ["who", {}],
    ["who", { everyone: false }],
    ["who", { everyone: true, groups: ["analysts"] }],
    ["who.groups", ["analysts", "analysts"]],
    ["may.levels", []],
    ["may.levels", ["read", "read"]],
    ["may.levels", ["admin"]],
    ["may.breakGlass", true],
    ["may.breakGlass", {}],
    ["on", undefined],
    ["on.environments", []],
    ["on.databases", []],
    ["on.databases", Array.from({ length: 21 }, (_, index) => `db${index}`)],
    ["on.databases", ["x".repeat(129)]],
    ["on.labels", ["team"]],
    ["on.labels", ["=shop"]],
    ["on.labels", ["team=shop", "team=other"]],
    ["for.maxDurationMinutes", undefined],
    ["for.maxDurationMinutes", 0],
    ["for.maxDurationMinutes", -5],
    ["for.maxDurationMinutes", 1.5],
    ["for.maxDurationMinutes", "60"],
    ["for.maxDurationMinutes", 43_201],
    ["for.maxTotalMinutes", 239],
    ["for.hours.timeZone", "Asia/Tokio"],
    ["for.hours.timeZone", "+09:00"],
    ["for.hours.timeZone", ""],
    ["for.hours.weekdays", []],
    ["for.hours.from", "9:00"],
    ["for.hours.from", "24:00"],
    ["for.hours.to", "24:01"],
    ["for.hours.to", "09:00"],
    ["approval.0.count", 0],
    ["approval.0.count", 11],
    ["approval.0", { count: 1 }],
    ["approval.0", { count: 2, users: ["usr_ann"] }],
    ["approval.0.groups", Array.from({ length: 11 }, (_, index) => `group ${index}`)],
    ["approval", Array.from({ length: 6 }, () => ({ count: 1, groups: ["leads"] }))],
  ])("with %s as %j is refused", (path, value) => {
    expect(accepts(set(path, value))).toBe(false);
  });

  test.each([
    ["on", {}],
    ["approval", []],
    ["for.maxDurationMinutes", 1],
    ["for.maxDurationMinutes", 43_200],
    ["for.hours.to", "24:00"],
    ["for.hours.to", "02:00"],
    ["for.hours.timeZone", "UTC"],
    ["description", "Two\nlines, 日本語 too."],
    ["on.labels", ["note=a=b", "empty="]],
    ["who.groups", ["CN=Team Leads,OU=Shop"]],
  ])("with %s as %j is accepted", (path, value) => {
    // maxTotalMinutes is not set here, so that any duration fits.
    expect(policyDocumentSchema.safeParse(set(path, value)).error).toBeUndefined();
  });

  test("that denies may carry neither a duration nor an approval, and must take something away", () => {
    expect(accepts(deny)).toBe(true);
    expect(accepts({ ...deny, approval: [] })).toBe(false);
    expect(accepts({ ...deny, for: { maxDurationMinutes: 5 } })).toBe(false);
    expect(accepts({ ...deny, may: {} })).toBe(false);
    expect(accepts({ ...deny, may: { unmask: false } })).toBe(false);
    expect(accepts({ ...deny, may: { unmask: true } })).toBe(true);
  });
});

test("the examples in docs/policies.md are policies", () => {
  const text = readFileSync(new URL("../../../../docs/policies.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => JSON.parse(json));
  expect(examples).toHaveLength(3);
  for (const example of examples) expect(policyDocumentSchema.safeParse(example).error).toBeUndefined();
});
