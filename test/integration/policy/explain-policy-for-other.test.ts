import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { explainPolicyForOther } from "@daypass/core/policy/explain-policy-for-other.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { find, registerServer } from "../catalog/shop.ts";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { engineersRead } from "./documents.ts";

let world: World;
let databaseId: string;
beforeAll(async () => {
  world = await createWorld();
  const { instance } = await registerServer(world);
  const [shop] = await find(world, instance.id, ["shop"]);
  databaseId = shop?.id ?? "";
  await createPolicy(world.ctx("administrator"), { policy: engineersRead });
});
afterAll(() => world.close());

const ask = (who: Person, about: Person, fields: object = {}) =>
  explainPolicyForOther(world.ctx(who), {
    userId: world.people[about].id,
    databaseId,
    level: "read",
    durationMinutes: 60,
    ...fields,
  } as never);

test("auditors learn why somebody may or may not", async () => {
  expect(await ask("auditor", "engineer")).toMatchObject({ decision: { outcome: "allowed" } });
  expect(await ask("auditor", "analyst")).toMatchObject({
    decision: { outcome: "refused" },
    considered: [{ verdict: "no-match", reason: { code: "policy.other-people" } }],
  });
});

test("a suspended person may nothing, and it says so", async () => {
  expect(await ask("administrator", "suspended")).toMatchObject({
    decision: { outcome: "refused", code: "policy.user-suspended" },
  });
});

test("bad input is refused", async () => {
  await isRefused(world, () => ask("auditor", "engineer", { userId: "erin" }), "input.invalid");
});

test("members may not ask about others, and that is recorded", async () => {
  await isDenied(world, () => ask("lead", "engineer"), "policy.explain-other");
});

test("members do not learn who exists: an unknown person is the same refusal", async () => {
  const userId = "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  await isDenied(world, () => ask("lead", "engineer", { userId }), "policy.explain-other");
  await isDenied(world, () => ask("auditor", "engineer", { userId }), "policy.explain-other", "not-found");
});

test("explaining leaves no event", async () => {
  await leavesNothing(world, () => ask("auditor", "engineer"));
});
