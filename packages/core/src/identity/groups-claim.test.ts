import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GroupsSettings, membershipOf } from "./groups-claim.ts";

const read = (claims: Record<string, unknown>, settings: Partial<GroupsSettings> = {}) => {
  const membership = membershipOf(claims, { claim: "groups", whenAbsent: "unknown", ...settings });
  return membership.kind === "known" ? membership.groups : membership.cause;
};
const many = (count: number) => Array.from({ length: count }, (_, index) => `g${index}`);

describe("groups are read from", () => {
  test.each<[string, unknown, Partial<GroupsSettings>, string[]]>([
    ["a list of texts", ["b", "a", "b"], {}, ["b", "a"]],
    ["an empty list, which is none", [], {}, []],
    ["one text", "leads", {}, ["leads"]],
    ["one distinguished name", "CN=Leads,OU=Groups,DC=example", {}, ["CN=Leads,OU=Groups,DC=example"]],
    ["a text with a separator", "a; b;;c;", { separator: ";" }, ["a", "b", "c"]],
    ["a list whose only text has them all", ["a;b"], { separator: ";" }, ["a", "b"]],
    ["objects with a name", [{ name: "a", id: "1" }], { field: "name" }, ["a"]],
    ["objects with an id", [{ name: "a", id: "1" }], { field: "id" }, ["1"]],
    ["objects with a displayName", [{ displayName: "A b" }], { field: "displayName" }, ["A b"]],
    ["one object", { id: "1" }, { field: "id" }, ["1"]],
    ["texts among objects", ["a", { id: "1" }], { field: "id" }, ["a", "1"]],
    ["as many as are read", many(500), {}, many(500)],
  ])("%s", (_what, groups, settings, expected) => {
    expect(read({ groups }, settings)).toEqual(expected);
  });

  test("a claim with another name, with a path, and with dots in its name", () => {
    expect(read({ "cognito:groups": "leads" }, { claim: "cognito:groups" })).toEqual(["leads"]);
    const nested = { realm_access: { roles: ["a"] }, resource_access: { "my.client": { roles: ["b"] } } };
    expect(read(nested, { claim: "realm_access.roles" })).toEqual(["a"]);
    expect(read(nested, { claim: "resource_access.my.client.roles" })).toEqual(["b"]);
    const url = "https://example.com/claims/groups";
    expect(read({ [url]: ["c"] }, { claim: url })).toEqual(["c"]);
    expect(read({ "a.b": ["whole"], a: { b: ["path"] } }, { claim: "a.b" })).toEqual(["whole"]);
  });
});

describe("unknown is not none:", () => {
  test.each<[string, Record<string, unknown>, Partial<GroupsSettings>, string]>([
    ["no claim", {}, {}, "absent"],
    ["null", { groups: null }, {}, "absent"],
    ["an empty text", { groups: " " }, {}, "absent"],
    ["a list of empty texts", { groups: [""] }, {}, "absent"],
    ["only a separator", { groups: ";" }, { separator: ";" }, "absent"],
    ["half of a path", { realm_access: {} }, { claim: "realm_access.roles" }, "absent"],
    ["a path into a list", { a: [{ b: ["x"] }] }, { claim: "a.b" }, "absent"],
    ["a name of every object", {}, { claim: "constructor" }, "absent"],
    ["Entra above 200 groups", { _claim_names: { groups: "src1" } }, {}, "elsewhere"],
    ["the same beside some groups", { _claim_names: { groups: "s" }, groups: ["a"] }, {}, "elsewhere"],
    ["the same for a path", { _claim_names: { a: "s" } }, { claim: "a.b" }, "elsewhere"],
    ["the same where absent is none", { _claim_names: { groups: "s" } }, { whenAbsent: "none" }, "elsewhere"],
    ["names of claims in no object", { _claim_names: "groups" }, { whenAbsent: "none" }, "elsewhere"],
    ["hasgroups", { hasgroups: true }, { whenAbsent: "none" }, "elsewhere"],
    ["hasgroups as text", { hasgroups: "true" }, { whenAbsent: "none" }, "elsewhere"],
    ["more than are read", { groups: many(501) }, {}, "too-many"],
    ["far more than are read", { groups: many(100_000) }, {}, "too-many"],
    ["more in one text", { groups: many(501).join(";") }, { separator: ";" }, "too-many"],
    ["a number", { groups: 7 }, {}, "unreadable"],
    ["true", { groups: true }, { whenAbsent: "none" }, "unreadable"],
    ["an object", { groups: {} }, {}, "unreadable"],
    ["objects without a setting", { groups: [{ name: "a" }] }, {}, "unreadable"],
    ["objects without the field", { groups: [{ name: "a" }, { id: "b" }] }, { field: "name" }, "unreadable"],
    ["one entry among names", { groups: ["a", null] }, {}, "unreadable"],
    ["a list in a list", { groups: [["a"]] }, {}, "unreadable"],
    ["a name that is too long", { groups: ["x".repeat(257)] }, {}, "unreadable"],
    ["an invisible character", { groups: ["leads\u200b"] }, {}, "unreadable"],
    ["several names in one text", { groups: "engineers;contractors" }, {}, "unreadable"],
    ["several by commas", { groups: "engineers,contractors" }, {}, "unreadable"],
    ["a list as text", { groups: '["engineers"]' }, {}, "unreadable"],
  ])("%s", (_what, claims, settings, expected) => {
    expect(read(claims, settings)).toEqual(expected);
  });

  test("where the provider leaves out the claim for people in no group, its absence is none", () => {
    for (const claims of [{}, { groups: null }, { groups: "" }, { groups: [""] }]) {
      expect(read(claims, { whenAbsent: "none" })).toEqual([]);
    }
  });

  test("whatever is in a list, either every name of it is read or none", () => {
    const entry = fc.oneof(fc.string(), fc.anything());
    fc.assert(
      fc.property(fc.array(entry), (groups) => {
        const found = read({ groups: [...groups, "contractors"] });
        if (Array.isArray(found)) expect(found).toContain("contractors");
      }),
    );
  });
});
