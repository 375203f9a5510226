import { describe, expect, test } from "vitest";
import { formatMarker, groupName, isAccountName, isStack, keeperName, parseMarker } from "./names.ts";

const account = "dp_01arz3ndektsv4rrffq69g5fav";

test("an account name is dp_ and a lower-case ULID, and nothing else", () => {
  expect(isAccountName(account)).toBe(true);
  for (const name of [
    "",
    "dp_",
    "postgres",
    account.toUpperCase(),
    `${account}0`,
    `${account}\n`,
    account.replace("v", "u"),
    account.replace("dp_0", "dp_8"),
    `x${account}`,
  ]) {
    expect(isAccountName(name), name).toBe(false);
  }
});

test("a stack id cannot carry anything into a marker or a name", () => {
  for (const stack of ["", "A", "a b", "a_b", "-a", "a'b", "a".repeat(21)])
    expect(isStack(stack), stack).toBe(false);
  for (const stack of ["a", "prod", "prod-eu-1", "a".repeat(20)]) expect(isStack(stack), stack).toBe(true);
});

describe("a marker", () => {
  test.each([
    { kind: "account", stack: "prod", grantId: "grant_01ABC", account } as const,
    { kind: "group", stack: "prod-eu", right: "write", home: null, hash: "0123456789abcdef0123" } as const,
    {
      kind: "group",
      stack: "prod-eu",
      right: "read",
      home: { cluster: "7301234567890123456", oid: 16384 },
      hash: "0123456789abcdef0123",
    } as const,
    {
      kind: "group",
      stack: "s",
      right: "create",
      home: { cluster: null, oid: 4_294_967_295 },
      hash: "0123456789abcdef0123",
    } as const,
    { kind: "keeper", stack: "prod" } as const,
  ])("of a $kind is read as it was written", (marker) => {
    expect(parseMarker(formatMarker(marker))).toEqual(marker);
  });

  test("is exactly ours or not a marker", () => {
    const whole = formatMarker({ kind: "account", stack: "prod", grantId: "g", account });
    for (const comment of [
      null,
      "",
      "a colleague's",
      ` ${whole}`,
      `${whole} `,
      `${whole}\n`,
      whole.replace("prod", "Prod"),
      whole.replace(account, "dp_x"),
      "daypass stack=prod group=all hash=0123456789abcdef0123",
      "daypass stack=prod group=read cluster=1 hash=0123456789abcdef0123",
      "daypass stack=prod group=read cluster=x database=1 hash=0123456789abcdef0123",
      "daypass stack= keeper",
    ]) {
      expect(parseMarker(comment), String(comment)).toBeNull();
    }
  });
});

describe("a group's name", () => {
  const home = { cluster: "7301234567890123456", oid: 16384 };
  const one = { schema: 2200, table: 16400 };
  const two = { schema: 16390, table: null };
  const both = { kind: "objects", objects: [one, two] } as const;

  test("is the same for the same rights in any order, and another for others", () => {
    const name = groupName("s", home, "read", both);
    expect(groupName("s", home, "read", { kind: "objects", objects: [two, one, two] })).toBe(name);
    const others = [
      groupName("s", home, "write", both),
      groupName("s", { ...home, oid: 16385 }, "read", both),
      groupName("s", { ...home, cluster: "7301234567890123457" }, "read", both),
      groupName("s", home, "read", { kind: "objects", objects: [one] }),
      groupName("s", home, "read", { kind: "database" }),
      groupName("t", home, "read", both),
      groupName("s", home, "read", { kind: "objects", objects: [{ ...one, table: null }, two] }),
    ];
    expect(new Set([name, ...others]).size).toBe(8);
  });

  test("and the keeper's fit into PostgreSQL's 63 bytes with the longest stack id", () => {
    const stack = "a".repeat(20);
    expect(groupName(stack, home, "create", { kind: "database" }).length).toBeLessThanOrEqual(63);
    expect(keeperName(stack).length).toBeLessThanOrEqual(63);
  });
});
