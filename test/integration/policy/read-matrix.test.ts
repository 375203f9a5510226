import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { matrixView } from "@daypass/core/policy/policy.view.ts";
import { readMatrix } from "@daypass/core/policy/read-matrix.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { find, registerServer } from "../catalog/shop.ts";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { engineersRead, nobodyPayroll } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const { instance } = await registerServer(world);
  await find(world, instance.id, ["shop", "payroll"]);
  const ctx = world.ctx("administrator");
  await createPolicy(ctx, { policy: engineersRead });
  await createPolicy(ctx, { policy: nobodyPayroll });
  await createPolicy(ctx, {
    policy: {
      ...engineersRead,
      name: "Nils reads at once",
      who: { users: [world.people.analyst.id] },
      approval: [],
    } as never,
  });
});
afterAll(() => world.close());

test("everyone, each group and each person that policies name stand against each database", async () => {
  const shown = await readMatrix(world.ctx("auditor"), {});
  expect(shown.databases.map(({ name }) => name)).toEqual(["payroll", "shop"]);
  expect(shown.subjects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "everyone everyone",
    "group engineers",
    "user Nils Okoro",
  ]);
  const decisions = shown.subjects.map(({ cells }) => cells.map((cell) => cell.read?.decision));
  expect(decisions).toEqual([
    ["denied", "refused"],
    ["denied", "approval"],
    ["denied", "automatic"],
  ]);
  expect(matrixView.parse(shown)).toEqual(shown);
});

test("bad input is refused", async () => {
  await isRefused(world, () => readMatrix(world.ctx("auditor"), { page: 2 } as never), "input.invalid");
});

test("members may not, and that is recorded", async () => {
  await isDenied(world, () => readMatrix(world.ctx("engineer"), {}), "policy.read-matrix");
});

test("reading leaves no event", async () => {
  await leavesNothing(world, () => readMatrix(world.ctx("administrator"), {}));
});
