import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { explainPolicy } from "@daypass/core/policy/explain-policy.ts";
import { explanationView } from "@daypass/core/policy/policy.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { find, registerServer } from "../catalog/shop.ts";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { engineersRead, nobodyPayroll } from "./documents.ts";

let world: World;
let ids: Record<string, string>;
beforeAll(async () => {
  world = await createWorld();
  const { instance } = await registerServer(world);
  await find(world, instance.id, ["shop", "payroll", "old"]);
  const found = await find(world, instance.id, ["shop", "payroll"], ["old"]);
  ids = Object.fromEntries(found.map(({ name, id }) => [name, id]));
  await createPolicy(world.ctx("administrator"), { policy: engineersRead });
  await createPolicy(world.ctx("administrator"), { policy: nobodyPayroll });
});
afterAll(() => world.close());

const ask = (who: Person, database: string, fields: object = {}) =>
  explainPolicy(world.ctx(who), {
    databaseId: ids[database] ?? "",
    level: "read",
    durationMinutes: 60,
    ...fields,
  } as never);

test("who may ask learns by which policy, for how long and who decides", async () => {
  const explanation = await ask("engineer", "shop");
  expect(explanation).toMatchObject({
    decision: { outcome: "allowed", policyName: "Engineers read staging", maxDurationMinutes: 240 },
    summary: "Allowed by “Engineers read staging”: at most 4 h; 1 approval from the group leads.",
  });
  expect(explanationView.parse(explanation)).toEqual(explanation);
});

test("who may not ask learns what would be needed, and nothing of policies that have no say", async () => {
  const explanation = await ask("analyst", "shop");
  expect(explanation).toMatchObject({
    decision: { outcome: "refused", code: "policy.no-match" },
    considered: [],
    needed: [{ policyName: "Engineers read staging" }],
  });
  expect(explanationView.parse(explanation)).toEqual(explanation);
});

test("a deny is named", async () => {
  expect(await ask("engineer", "payroll")).toMatchObject({
    decision: { outcome: "refused", code: "policy.denied" },
    considered: [{ verdict: "overruled" }, { verdict: "denies", policyName: "Nobody on payroll" }],
  });
});

test("administrators see every policy that was looked at", async () => {
  const { considered } = await ask("administrator", "shop");
  expect(considered.map(({ verdict }) => verdict)).toEqual(["no-match", "no-match"]);
});

test("a database that vanished is not found by members; administrators are told that it is gone", async () => {
  await isDenied(world, () => ask("engineer", "old"), "policy.explain", "not-found");
  const { error } = await world.watch(() => ask("administrator", "old"));
  expect(error).toMatchObject({ code: "database.not-offered" });
});

test.for([
  { level: "root" },
  { durationMinutes: 0 },
  { durationMinutes: 1e9 },
  { kind: "extension" },
  { userId: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
])("bad input is refused: %j", async (fields) => {
  await isRefused(world, () => ask("engineer", "shop", fields), "input.invalid");
});

test("who is not signed in learns nothing", async () => {
  const run = () =>
    explainPolicy(world.ctx({ kind: "anonymous" }), {
      databaseId: ids["shop"] ?? "",
      level: "read",
      durationMinutes: 60,
    });
  await isRefused(world, run, "session.required");
});

test("explaining leaves no event", async () => {
  await leavesNothing(world, () => ask("engineer", "shop"));
});
