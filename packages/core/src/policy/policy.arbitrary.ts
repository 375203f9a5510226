import fc from "fast-check";
import {
  type AllowPolicy,
  type ApprovalStep,
  type DenyPolicy,
  levels,
  type Policy,
  type PolicyDocumentInput,
  policyDocumentSchema,
} from "./policy.ts";
import type { PolicyQuestion, PolicyTarget, PolicyUser } from "./question.ts";
import { weekdays } from "./time-zone.ts";

/** Small worlds of few names, so that policies and questions meet often; for property tests only. */
const userIds = ["usr_ann", "usr_ben", "usr_cleo"];
const groups = ["engineers", "analysts", "leads"];
const mondayMs = Date.parse("2025-01-06T00:00:00Z");

const some = (names: readonly string[], minLength = 0) =>
  fc.uniqueArray(fc.constantFrom(...names), { minLength, maxLength: 2 });

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.oneof(fc.constant(undefined), value);

const who = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ everyone: true }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ users: some(userIds), groups: some(groups) })
      .filter((named) => named.users.length + named.groups.length > 0),
  },
);

const on = fc.record({
  environments: maybe(some(["env_prod", "production", "staging"], 1)),
  instances: maybe(some(["ins_one", "two"], 1)),
  databases: maybe(some(["*", "shop", "shop*", "*_eu", "salaries"], 1)),
  labels: maybe(some(["team=shop", "pii=yes"], 1)),
  protected: maybe(fc.boolean()),
});

const hours = maybe(
  fc.record({
    timeZone: fc.constantFrom("UTC", "Asia/Tokyo"),
    weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 4 }),
    from: fc.constantFrom("00:00", "09:00", "22:00"),
    to: fc.constantFrom("06:00", "18:00", "24:00"),
  }),
);

const levelList = fc.uniqueArray(fc.constantFrom(...levels), { minLength: 1 });
const minutes = fc.constantFrom(1, 30, 31, 60, 240, 1440);

export const arbitraryStep: fc.Arbitrary<ApprovalStep> = fc
  .record({ count: fc.constantFrom(1, 1, 2), users: some(userIds), groups: some(groups) })
  .filter(({ count, users, groups: named }) => named.length > 0 || users.length >= count);

const common = {
  name: fc.constantFrom("First", "Second", "Third"),
  enabled: fc.constantFrom(true, true, true, false),
  who,
  on,
};

const allowInput = fc.record({
  ...common,
  effect: fc.constant("allow" as const),
  may: fc.record({
    levels: levelList,
    unmask: fc.boolean(),
    export: fc.boolean(),
    breakGlass: maybe(minutes.map((maxDurationMinutes) => ({ maxDurationMinutes }))),
  }),
  for: fc.record({ maxDurationMinutes: minutes, hours, more: maybe(minutes) }).map(({ more, ...limits }) => ({
    ...limits,
    maxTotalMinutes: more === undefined ? undefined : limits.maxDurationMinutes + more,
  })),
  approval: fc.array(arbitraryStep, { maxLength: 2 }),
});

const denyInput = fc.record({
  ...common,
  effect: fc.constant("deny" as const),
  may: fc
    .record({
      levels: maybe(levelList),
      unmask: maybe(fc.constant(true as const)),
      export: maybe(fc.constant(true as const)),
      breakGlass: maybe(fc.constant(true as const)),
    })
    .filter((may) => Object.values(may).includes(true) || may.levels !== undefined),
  for: fc.record({ hours }),
});

/** Through the schema, so that only documents that people can store are tried. */
function stored<Document extends AllowPolicy | DenyPolicy>(
  input: fc.Arbitrary<PolicyDocumentInput>,
  isKind: (document: AllowPolicy | DenyPolicy) => document is Document,
): fc.Arbitrary<Policy<Document>> {
  return fc.tuple(fc.uuid(), input).map(([uuid, document]) => {
    const parsed = policyDocumentSchema.parse(document);
    if (!isKind(parsed)) throw new Error("the schema changed the effect");
    return { id: `pol_${uuid}`, version: 1, document: parsed };
  });
}

export const arbitraryAllow = stored(allowInput, (document) => document.effect === "allow");
export const arbitraryDeny = stored(denyInput, (document) => document.effect === "deny");

/** Denies are rare, else nothing is ever allowed. */
export const arbitraryPolicies: fc.Arbitrary<readonly Policy[]> = fc
  .tuple(fc.array(arbitraryAllow, { maxLength: 5 }), fc.array(arbitraryDeny, { maxLength: 1 }))
  .map(([allows, denies]) => [...allows, ...denies]);

export const arbitraryUser: fc.Arbitrary<PolicyUser> = fc.record({
  id: fc.constantFrom(...userIds),
  groups: some(groups),
  suspended: fc.constant(false),
});

export const arbitraryTarget: fc.Arbitrary<PolicyTarget> = fc
  .record({
    inProduction: fc.boolean(),
    instance: fc.constantFrom({ id: "ins_one", name: "one" }, { id: "ins_two", name: "two" }),
    database: fc.constantFrom("shop", "shop_eu", "salaries").map((name) => ({ id: `dbs_${name}`, name })),
    labels: fc.constantFrom({}, { team: "shop" }, { team: "shop", pii: "yes" }),
  })
  .map(({ inProduction, ...rest }) => ({
    ...rest,
    environment: inProduction
      ? { id: "env_prod", name: "production" }
      : { id: "env_staging", name: "staging" },
    protected: inProduction,
  }));

export const arbitraryQuestion: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    user: arbitraryUser,
    target: arbitraryTarget,
    level: fc.constantFrom(...levels),
    durationMinutes: fc.constantFrom(1, 30, 31, 60, 240, 1000, 1440, 1441),
    at: fc.integer({ min: 0, max: 7 * 24 * 60 }).map((minute) => mondayMs + minute * 60_000),
    kind: fc.constantFrom(
      "request" as const,
      "request" as const,
      "break-glass" as const,
      "extension" as const,
    ),
    soFar: fc.constantFrom(0, 30, 60),
    unmask: fc.constantFrom(false, false, true),
    export: fc.constantFrom(false, false, true),
  })
  .map(({ soFar, ...question }) => ({ ...question, totalMinutes: question.durationMinutes + soFar }));
