import { expect, test } from "vitest";
import type { FoundAccount } from "../grant/account-engine.port.ts";
import { accountName, type Grant } from "../grant/grant.ts";
import { epochMs, type Instant, plusMinutes } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { compare } from "./compare.ts";

const noon = "2026-06-09T12:00:00.000Z" as Instant;
const one = plusMinutes(noon, 60);
const id = "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"grant">;
const instanceId = "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CA" as Id<"instance">;
const place = { host: "db.example.com", port: 5432, identity: "one" };

const grant = {
  id,
  state: "active",
  version: 3,
  account: accountName(id),
  database: { instance: { id: instanceId, name: "shop-production" } },
  startedAt: noon,
  endsAt: one,
  databaseEndsAt: one,
  createdAt: noon,
  server: place,
  deadManSwitch: "login",
} as unknown as Grant;

const account: FoundAccount = {
  name: grant.account,
  grantId: id,
  serverId: 7,
  validUntilMs: epochMs(one),
  canLogin: true,
  sessions: 0,
  extraRights: [],
};

/** The kinds of difference between this account and this grant; either may be missing. */
function kinds(
  found: Partial<FoundAccount> | undefined,
  known: Partial<Grant> | undefined,
  {
    now = plusMinutes(noon, 5),
    at = place,
  }: { now?: Instant; at?: typeof place | (Omit<typeof place, "identity"> & { identity: null }) } = {},
) {
  const ledger = known ? { ...grant, ...known } : undefined;
  return compare({
    instanceId,
    place: at,
    accounts: found ? [{ ...account, ...found }] : [],
    live: ledger && ledger.state !== "revoked" && ledger.state !== "written-off" ? [ledger] : [],
    ledger: new Map(ledger ? [[id, ledger]] : []),
    now,
  }).map(({ kind }) => kind);
}

test("what is as it should be is no difference", () => {
  expect(kinds({}, {})).toEqual([]);
  expect(kinds(undefined, undefined)).toEqual([]);
  expect(kinds(undefined, { state: "revoked" })).toEqual([]);
});

test.each<Grant["state"]>(["planned", "provisioning", "revoking", "quarantined"])(
  "a grant that is %s is on its way, whether its account is there or not",
  (state) => {
    expect(kinds({ canLogin: false }, { state })).toEqual([]);
    expect(kinds(undefined, { state })).toEqual([]);
  },
);

test("access whose end has come is the timer's, not a difference", () => {
  expect(kinds({ canLogin: false }, {}, { now: one })).toEqual([]);
  expect(kinds(undefined, {}, { now: one })).toEqual([]);
});

test("an account of ours that no grant knows is unknown", () => {
  expect(kinds({}, undefined)).toEqual(["unknown"]);
});

test.each<Grant["state"]>(["revoked", "written-off"])(
  "one that the ledger has as %s was not dropped",
  (state) => {
    expect(kinds({}, { state })).toEqual(["not-dropped"]);
  },
);

test("a running grant without its account is missing it", () => {
  expect(kinds(undefined, {})).toEqual(["missing"]);
});

test("one that was renamed is renamed, and nothing else", () => {
  expect(kinds({ name: "keep_me", renamedFrom: grant.account }, {})).toEqual(["renamed"]);
  expect(kinds({ name: "keep_me", renamedFrom: grant.account }, undefined)).toEqual(["renamed"]);
});

test("a marker that does not fit the name is no proof, whatever else it says", () => {
  expect(kinds({ grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CM" }, undefined)).toEqual(["marker-mismatch"]);
  expect(kinds({ grantId: "by-hand" }, undefined)).toEqual(["marker-mismatch"]);
});

test("a marker of the name alone is proof: its grant follows from the name", () => {
  expect(kinds({ grantId: null }, undefined)).toEqual(["unknown"]);
  expect(kinds({ grantId: null }, {})).toEqual([]);
  expect(kinds({ grantId: null }, { state: "revoked" })).toEqual(["not-dropped"]);
  expect(kinds({ name: "dp_reporting", grantId: null }, undefined)).toEqual(["marker-mismatch"]);
});

test("rights that we did not give, a denied login and another end are told each", () => {
  expect(kinds({ extraRights: ["has the attribute CREATEDB"] }, {})).toEqual(["extra-right"]);
  expect(kinds({ canLogin: false }, {})).toEqual(["denied"]);
  expect(kinds({ validUntilMs: null }, {})).toEqual(["wrong-expiry"]);
  expect(kinds({ validUntilMs: epochMs(one) + 1001 }, {})).toEqual(["wrong-expiry"]);
  expect(kinds({ validUntilMs: epochMs(one) - 1001 }, {})).toEqual(["wrong-expiry"]);
  expect(kinds({ validUntilMs: epochMs(one) + 1000 }, {})).toEqual([]);
});

test("while an extension is on its way either end is right, and none beyond them", () => {
  const extended = { endsAt: plusMinutes(one, 30) };
  expect(kinds({}, extended)).toEqual([]);
  expect(kinds({ validUntilMs: epochMs(plusMinutes(one, 30)) }, extended)).toEqual([]);
  expect(kinds({ validUntilMs: epochMs(plusMinutes(one, 31)) }, extended)).toEqual(["wrong-expiry"]);
});

test("where the database does nothing at the end by itself, no end of its own is no difference", () => {
  expect(kinds({ validUntilMs: null }, { deadManSwitch: "none" })).toEqual([]);
});

test("an instance that points to another server misses the account, and a copy of it there is not ours to close", () => {
  const at = { ...place, host: "copy.example.com", identity: "two" };
  expect(kinds(undefined, {}, { at })).toEqual(["missing"]);
  expect(kinds({}, {}, { at })).toEqual(["marker-mismatch", "missing"]);
  expect(kinds({}, { state: "revoked" }, { at })).toEqual(["not-dropped"]);
});

test("of another instance's grants only what is on another server than theirs is unknown here", () => {
  const elsewhere = {
    ...grant.database,
    instance: { id: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CB", name: "other" },
  } as Grant["database"];
  const ledger = { ...grant, database: elsewhere };
  const of = (server: Grant["server"]) => {
    const { server: _server, ...bare } = ledger;
    const known = server ? { ...bare, server } : bare;
    return compare({
      instanceId,
      place,
      accounts: [account],
      live: [],
      ledger: new Map([[id, known]]),
      now: noon,
    }).map(({ kind }) => kind);
  };
  expect(of(place)).toEqual([]);
  expect(of({ ...place, host: "alias.example.com" })).toEqual([]);
  expect(of({ ...place, identity: "two" })).toEqual(["unknown"]);
  expect(of({ ...place, host: "x.example.com", identity: null })).toEqual(["marker-mismatch"]);
  expect(of(undefined)).toEqual(["marker-mismatch"]);
});
