import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { listAllPolicies } from "@daypass/core/policy/list-policies.ts";
import { policyView } from "@daypass/core/policy/policy.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { engineersRead, nobodyPayroll } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await createPolicy(world.ctx("administrator"), { policy: nobodyPayroll });
  await createPolicy(world.ctx({ kind: "system", name: "setup" }), { policy: engineersRead });
});
afterAll(() => world.close());

test("policies come by name, with who wrote them last, in the shape of the API", async () => {
  const { items } = await listAllPolicies(world.ctx("auditor"), {});
  expect(items).toMatchObject([
    { version: 1, updatedBy: null, policy: engineersRead },
    { version: 1, updatedBy: { name: "Priya Castell" }, policy: nobodyPayroll },
  ]);
  for (const item of items) expect(policyView.parse(item)).toEqual(item);
});

test("bad input is refused", async () => {
  await isRefused(world, () => listAllPolicies(world.ctx("auditor"), { q: 1 } as never), "input.invalid");
});

test("members may not, and that is recorded", async () => {
  await isDenied(world, () => listAllPolicies(world.ctx("lead"), {}), "policy.list");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listAllPolicies(world.ctx("administrator"), {}));
});
