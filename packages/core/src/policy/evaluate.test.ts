import { describe, expect, test } from "vitest";
import { mayApprove } from "./approval.ts";
import { askable, extendable, isAskable } from "./askable.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { matrix } from "./matrix.ts";
import { type Policy, type PolicyDocumentInput, policyDocumentSchema } from "./policy.ts";
import type { PolicyQuestion, PolicyTarget, PolicyUser } from "./question.ts";

type AllowInput = Extract<PolicyDocumentInput, { effect: "allow" }>;
type DenyInput = Extract<PolicyDocumentInput, { effect: "deny" }>;

const policy = (id: string, document: PolicyDocumentInput): Policy => ({
  id,
  version: 3,
  document: policyDocumentSchema.parse(document),
});

const allow = (id: string, changes: Partial<AllowInput> = {}) =>
  policy(id, {
    name: `Policy ${id}`,
    effect: "allow",
    who: { groups: ["analysts"] },
    may: { levels: ["read"] },
    on: { environments: ["production"] },
    for: { maxDurationMinutes: 240 },
    approval: [{ count: 1, groups: ["leads"] }],
    ...changes,
  });

const deny = (id: string, changes: Partial<DenyInput> = {}) =>
  policy(id, {
    name: `Policy ${id}`,
    effect: "deny",
    who: { everyone: true },
    may: { levels: ["read"] },
    on: {},
    ...changes,
  });

const ann: PolicyUser = { id: "usr_ann", groups: ["analysts"], suspended: false };
const shop: PolicyTarget = {
  environment: { id: "env_prod", name: "production" },
  instance: { id: "ins_one", name: "one" },
  database: { id: "dbs_shop", name: "shop" },
  labels: { team: "shop" },
  protected: true,
};
// A Monday, 10:00 in Tokyo.
const monday = Date.parse("2025-01-06T10:00:00+09:00");
const officeHours = {
  timeZone: "Asia/Tokyo",
  weekdays: ["mon", "tue", "wed", "thu", "fri"],
  from: "09:00",
  to: "18:00",
} satisfies NonNullable<AllowInput["for"]["hours"]>;

const ask = (changes: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  user: ann,
  target: shop,
  level: "read",
  durationMinutes: 60,
  at: monday,
  kind: "request",
  ...changes,
});

describe("which policy decides", () => {
  const short = allow("a", { for: { maxDurationMinutes: 60 }, approval: [] });
  const long = allow("b", { for: { maxDurationMinutes: 480 } });

  test("the one that asks for the least approval among those that reach the duration", () => {
    expect(evaluate([short, long], ask())).toMatchObject({
      policyId: "a",
      automatic: true,
      maxDurationMinutes: 60,
    });
    expect(evaluate([short, long], ask({ durationMinutes: 61 }))).toMatchObject({
      policyId: "b",
      automatic: false,
      maxDurationMinutes: 480,
    });
  });

  test("the form learns of both: up to an hour at once, up to eight with approval", () => {
    const { read, write } = askable([short, long], ann, shop, monday);
    expect(read.request).toMatchObject({
      allowed: true,
      maxDurationMinutes: 480,
      tiers: [
        { upToMinutes: 60, decision: { policyId: "a" } },
        { upToMinutes: 480, decision: { policyId: "b" } },
      ],
    });
    const minuteMore = allow("b", { for: { maxDurationMinutes: 61 } });
    expect(askable([short, minuteMore], ann, shop, monday).read.request).toMatchObject({
      tiers: [{ upToMinutes: 60 }, { upToMinutes: 61 }],
    });
    expect(write.request).toMatchObject({ allowed: false, refusal: { code: "policy.other-level" } });
    expect(read.breakGlass).toMatchObject({ allowed: false, refusal: { code: "policy.no-break-glass" } });
    expect(isAskable(askable([short], { ...ann, groups: [] }, shop, monday))).toBe(false);
  });

  test("of equal ones the one that gives more, then the longer, then the lower id", () => {
    const clear = allow("c", { may: { levels: ["read"], unmask: true } });
    expect(evaluate([allow("a"), long, clear], ask())).toMatchObject({ policyId: "c", unmask: true });
    expect(evaluate([allow("a"), long], ask())).toMatchObject({ policyId: "b" });
    expect(evaluate([allow("z"), allow("a")], ask())).toMatchObject({ policyId: "a" });
  });

  test("asked for clear columns, only one that gives them", () => {
    const clear = allow("c", {
      may: { levels: ["read"], unmask: true },
      approval: [{ count: 2, groups: ["leads"] }],
    });
    expect(evaluate([short, clear], ask())).toMatchObject({ policyId: "a", unmask: false });
    expect(evaluate([short, clear], ask({ unmask: true }))).toMatchObject({ policyId: "c", unmask: true });
    expect(evaluate([short], ask({ unmask: true }))).toMatchObject({ code: "policy.no-unmask" });
  });
});

describe("a deny", () => {
  test("wins over any allow, and is named", () => {
    expect(evaluate([allow("a"), deny("x")], ask())).toMatchObject({
      outcome: "refused",
      code: "policy.denied",
      reasons: [{ parameters: { policyId: "x", policyName: "Policy x", what: ["read"] } }],
    });
  });

  test("of a level takes the levels above it, and leaves those below", () => {
    const writer = allow("a", { may: { levels: ["read", "write", "ddl"] } });
    const noWrite = deny("x", { may: { levels: ["write"] } });
    expect(evaluate([writer, noWrite], ask({ level: "ddl" }))).toMatchObject({ code: "policy.denied" });
    expect(evaluate([writer, noWrite], ask({ level: "read" }))).toMatchObject({ outcome: "allowed" });
  });

  test("of unmask takes only that, unless that was asked for", () => {
    const clear = allow("a", { may: { levels: ["read"], unmask: true, export: true } });
    const noClear = deny("x", { may: { unmask: true } });
    expect(evaluate([clear, noClear], ask())).toMatchObject({
      outcome: "allowed",
      unmask: false,
      export: true,
    });
    expect(evaluate([clear, noClear], ask({ unmask: true }))).toMatchObject({ code: "policy.denied" });
    expect(explain([clear, noClear], ask()).considered).toMatchObject([
      { verdict: "decides" },
      { verdict: "limits" },
    ]);
  });

  test("wins over break-glass, also by its hours", () => {
    const glass = allow("a", { may: { levels: ["read"], breakGlass: { maxDurationMinutes: 30 } } });
    const question = ask({ kind: "break-glass", durationMinutes: 30 });
    expect(evaluate([glass], question)).toMatchObject({ outcome: "allowed", automatic: true, steps: [] });
    expect(evaluate([glass, deny("x", { for: { hours: officeHours } })], question)).toMatchObject({
      code: "policy.denied",
    });
    const atNight = { ...question, at: monday + 12 * 3_600_000 };
    expect(evaluate([glass, deny("x", { for: { hours: officeHours } })], atNight)).toMatchObject({
      outcome: "allowed",
    });
    expect(evaluate([glass, deny("x", { may: { breakGlass: true } })], question)).toMatchObject({
      code: "policy.denied",
      reasons: [{ parameters: { what: ["break-glass"] } }],
    });
  });
});

describe("where a policy holds", () => {
  test("not in a protected environment that it does not mean", () => {
    expect(evaluate([allow("a", { on: {} })], ask())).toMatchObject({ code: "policy.no-match" });
    expect(evaluate([allow("a", { on: { databases: ["*"] } })], ask())).toMatchObject({
      code: "policy.no-match",
    });
    expect(evaluate([allow("a", { on: { protected: true } })], ask())).toMatchObject({ outcome: "allowed" });
    expect(evaluate([allow("a", { on: {} })], ask({ target: { ...shop, protected: false } }))).toMatchObject({
      outcome: "allowed",
    });
    expect(evaluate([allow("a"), deny("x", { on: {} })], ask())).toMatchObject({ code: "policy.denied" });
  });

  test.each([
    [{ environments: ["env_prod"] }, true],
    [{ environments: ["staging", "production"] }, true],
    [{ environments: ["Production"] }, false],
    [{ environments: ["prod*"] }, false],
    [{ environments: ["production"], instances: ["two"] }, false],
    [{ environments: ["production"], instances: ["ins_one"] }, true],
    [{ environments: ["production"], databases: ["sh*", "other"] }, true],
    [{ environments: ["production"], databases: ["SHOP"] }, false],
    [{ environments: ["production"], labels: ["team=shop"] }, true],
    [{ environments: ["production"], labels: ["team=shop", "pii=yes"] }, false],
    [{ environments: ["production"], labels: ["constructor=x"] }, false],
    [{ protected: false }, false],
  ])("%j matching shop in production is %s", (on, expected) => {
    expect(evaluate([allow("a", { on })], ask()).outcome === "allowed").toBe(expected);
  });
});

describe("hours and durations", () => {
  const office = allow("a", {
    for: { maxDurationMinutes: 240, hours: officeHours },
    may: { levels: ["read"], breakGlass: { maxDurationMinutes: 30 } },
  });
  const evening = Date.parse("2025-01-10T18:00:00+09:00");

  test("limit the start, not the end", () => {
    const lastMinute = ask({ at: evening - 60_000, durationMinutes: 240 });
    expect(evaluate([office], lastMinute)).toMatchObject({ outcome: "allowed", hours: officeHours });
    expect(evaluate([office], ask({ at: evening }))).toMatchObject({
      code: "policy.outside-hours",
      reasons: [
        {
          parameters: { nextStartAt: Date.parse("2025-01-13T09:00:00+09:00") },
          message:
            "Access may start between 09:00 and 18:00 Asia/Tokyo on weekdays: next at Mon, 13 Jan 2025, 09:00 Asia/Tokyo.",
        },
      ],
    });
  });

  test("do not hold back break-glass, which has its own limit", () => {
    const night = ask({ at: evening, kind: "break-glass", durationMinutes: 30 });
    expect(evaluate([office], night)).toMatchObject({
      outcome: "allowed",
      hours: null,
      maxDurationMinutes: 30,
    });
    expect(evaluate([office], { ...night, durationMinutes: 31 })).toMatchObject({
      code: "policy.duration-too-long",
    });
  });

  test("an extension is bounded alone and in all; without a total it is refused", () => {
    const policies = [allow("a", { for: { maxDurationMinutes: 60, maxTotalMinutes: 150 } })];
    const extension = (durationMinutes: number, totalMinutes: number) =>
      evaluate(policies, ask({ kind: "extension", durationMinutes, totalMinutes }));
    expect(extension(60, 150)).toMatchObject({ outcome: "allowed", maxTotalMinutes: 150 });
    expect(extension(60, 151)).toMatchObject({ code: "policy.total-too-long" });
    expect(extension(61, 61)).toMatchObject({ code: "policy.duration-too-long" });
    expect(evaluate(policies, ask({ kind: "extension" }))).toMatchObject({ code: "policy.invalid-question" });
    expect(extendable(policies, ask(), 120)).toMatchObject({ maxDurationMinutes: 30 });
    expect(extendable(policies, ask(), 150)).toMatchObject({ allowed: false });
  });

  test("where no total is written, a grant is never extended beyond one request", () => {
    expect(extendable([allow("a")], ask(), 239)).toMatchObject({ maxDurationMinutes: 1 });
    expect(extendable([allow("a")], ask(), 240)).toMatchObject({ allowed: false });
  });
});

describe("an approval that nobody but the requester could give", () => {
  test("does not let a request wait for nobody; another policy decides instead", () => {
    const own = allow("a", { approval: [{ count: 1, users: ["usr_ann"] }] });
    const other = allow("b", { approval: [{ count: 2, groups: ["leads"] }] });
    expect(evaluate([own], ask())).toMatchObject({ code: "policy.approval-impossible" });
    expect(evaluate([own, other], ask())).toMatchObject({ policyId: "b" });
  });

  test("leaves the requester out of the approvers", () => {
    const either = allow("a", { approval: [{ count: 1, users: ["usr_ann", "usr_ben"] }] });
    expect(evaluate([either], ask())).toMatchObject({ steps: [{ count: 1, users: ["usr_ben"] }] });
  });
});

describe("an explanation", () => {
  test("of no match names the group, the most and the hours that would do", () => {
    const policies = [
      allow("a", { name: "Analysts read", for: { maxDurationMinutes: 240, hours: officeHours } }),
      allow("b", { name: "Elsewhere", on: { environments: ["staging"] } }),
    ];
    const outsider = { ...ann, groups: [] };
    const explanation = explain(
      policies,
      ask({ user: outsider, durationMinutes: 300, at: monday - 7_200_000 }),
    );
    expect(explanation.decision).toMatchObject({ code: "policy.no-match" });
    expect(explanation.considered.map(({ reason }) => reason.code)).toEqual([
      "policy.other-people",
      "policy.other-people",
    ]);
    expect(explanation.needed).toMatchObject([
      {
        policyId: "a",
        reasons: [
          { code: "policy.other-people", parameters: { groups: ["analysts"] } },
          { code: "policy.outside-hours", parameters: { nextStartAt: monday - 3_600_000 } },
          { code: "policy.duration-too-long", parameters: { maxDurationMinutes: 240 } },
        ],
      },
    ]);
    expect(explanation.summary).toBe(
      "Refused. No policy lets you ask for read on shop. “Analysts read” would allow it, but: It is for the group " +
        "analysts. Access may start between 09:00 and 18:00 Asia/Tokyo on weekdays: next at Mon, 6 Jan 2025, 09:00 " +
        "Asia/Tokyo. At most 4 h.",
    );
  });

  test("of an allowed question tells who approves, and which policies would have asked for more", () => {
    const strict = allow("b", {
      approval: [
        { count: 1, groups: ["leads"] },
        { count: 2, users: ["usr_ben", "usr_cleo"] },
      ],
    });
    const explanation = explain([strict, allow("a", { name: "Analysts read" })], ask());
    expect(explanation.considered).toMatchObject([{ verdict: "decides" }, { verdict: "also-allows" }]);
    expect(explanation.summary).toBe(
      "Allowed by “Analysts read”: at most 4 h; 1 approval from the group leads.",
    );
  });

  test("of a denial shows what it overruled and offers no way round", () => {
    const explanation = explain([allow("a"), deny("x")], ask());
    expect(explanation.considered).toMatchObject([{ verdict: "overruled" }, { verdict: "denies" }]);
    expect(explanation.decidedBy).toEqual(["x"]);
    expect(explanation.needed).toEqual([]);
    expect(explanation.summary).toBe("Refused. The policy “Policy x” denies read here.");
  });

  test("of a suspended user blames no policy", () => {
    const explanation = explain([allow("a")], ask({ user: { ...ann, suspended: true } }));
    expect(explanation.summary).toBe("Refused. Suspended users are refused everywhere.");
    expect(explanation.needed).toEqual([]);
  });
});

test("the matrix shows for people and groups what each level takes", () => {
  const staging = { ...shop, environment: { id: "env_stg", name: "staging" }, protected: false };
  const policies = [
    allow("a", { may: { levels: ["read", "write"] } }),
    allow("b", { who: { everyone: true }, on: { environments: ["staging"] }, approval: [] }),
    deny("x", {
      who: { users: ["usr_ben"] },
      may: { levels: ["read"] },
      on: { environments: ["production"] },
    }),
  ];
  const ben = { id: "usr_ben", groups: ["analysts"], suspended: false };
  const cells = matrix(
    policies,
    [
      { kind: "group", group: "analysts" },
      { kind: "group", group: "engineers" },
      { kind: "user", user: ben },
    ],
    [shop, staging],
    monday,
  );
  const read = cells.map((row) => row.map((cell) => cell.read.decision));
  expect(read).toEqual([
    ["approval", "automatic"],
    ["refused", "automatic"],
    ["denied", "automatic"],
  ]);
  expect(cells[0]?.[0]).toMatchObject({
    read: { maxDurationMinutes: 240, approvals: 1 },
    ddl: { decision: "refused", maxDurationMinutes: 0 },
  });
});

test("a denial for a group holds however the provider writes its accents", () => {
  const [composed, decomposed] = ["\u00e9quipe", "e\u0301quipe"];
  for (const [inPolicy, inToken] of [
    [composed, decomposed],
    [decomposed, composed],
  ] as const) {
    const policies = [allow("a", { who: { everyone: true } }), deny("d", { who: { groups: [inPolicy] } })];
    const user = { ...ann, groups: [inToken] };
    expect(evaluate(policies, ask({ user }))).toMatchObject({ code: "policy.denied" });
  }
});

describe("somebody whose groups are unknown", () => {
  const unknown: PolicyUser = { id: "usr_ann", groups: [], groupsUnknown: true, suspended: false };
  const forEveryone = allow("a", { who: { everyone: true }, approval: [] });
  const contractors = deny("d", { who: { groups: ["contractors", "interns"] } });

  test("is denied what any group is denied, and told why", () => {
    expect(evaluate([forEveryone], ask({ user: unknown }))).toMatchObject({ outcome: "allowed" });
    const decision = evaluate([forEveryone, contractors], ask({ user: unknown }));
    expect(decision).toMatchObject({
      outcome: "refused",
      code: "policy.denied",
      reasons: [{ parameters: { undecidedGroups: ["contractors", "interns"] } }],
    });
    expect(explain([forEveryone, contractors], ask({ user: unknown }))).toMatchObject({
      decidedBy: ["d"],
      summary: expect.stringMatching(
        /contractors or interns, and the identity provider did not say/,
      ) as string,
    });
    expect(
      evaluate([forEveryone, contractors], ask({ user: { ...unknown, groupsUnknown: false } })),
    ).toMatchObject({ outcome: "allowed" });
  });

  test("is not denied by a denial for somebody else by name", () => {
    const other = deny("d", { who: { users: ["usr_bob"] } });
    expect(evaluate([forEveryone, other], ask({ user: unknown }))).toMatchObject({ outcome: "allowed" });
  });

  test("is allowed nothing by group, also not by groups that come along, and told why", () => {
    for (const groups of [[], ["analysts"]]) {
      const decision = evaluate([allow("a")], ask({ user: { ...unknown, groups } }));
      expect(decision).toMatchObject({
        outcome: "refused",
        reasons: [{ code: "policy.no-match" }, { code: "policy.groups-unknown" }],
      });
    }
    const byName = allow("a", { who: { users: ["usr_ann"], groups: ["analysts"] } });
    expect(evaluate([byName], ask({ user: unknown }))).toMatchObject({ outcome: "allowed" });
    const { considered } = explain([allow("a")], ask({ user: unknown }));
    expect(considered[0]?.reason.message).toContain("groups are not known");
  });

  test("loses what a denial for a group takes of the rest: clear columns and exports", () => {
    const all = allow("a", {
      who: { everyone: true },
      may: { levels: ["read"], unmask: true, export: true },
    });
    const clear = deny("d", { who: { groups: ["contractors"] }, may: { unmask: true } });
    expect(evaluate([all, clear], ask({ user: unknown }))).toMatchObject({ unmask: false, export: true });
  });

  test("approves nothing by group, and what they are named for themselves", () => {
    const of = (step: { users: string[]; groups: string[] }) =>
      mayApprove({ steps: [{ count: 1, ...step }], votes: [], requesterIds: [] }, unknown);
    expect(of({ users: [], groups: ["leads"] })).toMatchObject({ code: "approval.not-an-approver" });
    expect(of({ users: ["usr_ann"], groups: ["leads"] })).toMatchObject({ allowed: true });
  });
});
