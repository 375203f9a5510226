import { changeEnvironment } from "@daypass/core/catalog/change-environment.ts";
import { changeInstance } from "@daypass/core/catalog/change-instance.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { deleteEnvironment } from "@daypass/core/catalog/delete-environment.ts";
import type { Instance } from "@daypass/core/catalog/instance.ts";
import { claimingName } from "@daypass/core/catalog/name.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { changePolicy } from "@daypass/core/policy/change-policy.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { explainPolicy } from "@daypass/core/policy/explain-policy.ts";
import { listAllPolicies } from "@daypass/core/policy/list-policies.ts";
import { listPolicies } from "@daypass/core/policy/policy.store.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { policyView } from "@daypass/core/policy/policy.view.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isRefused, leavesOneEvent } from "../outcome.ts";
import { type Registered, register, teamPolicies } from "../registered.ts";

let world: World;
let registered: Registered;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

async function registering(policies?: PolicyDocumentInput[]): Promise<void> {
  registered = await register(world, policies);
  const { environment, instance } = registered;
  await commitAll(world, [
    claimingName(world, "environment", environment.name, environment.id),
    claimingName(world, "instance", instance.name, instance.id),
  ]);
}

const admin = () => world.ctx("administrator");
const denyOn = (on: PolicyDocumentInput["on"], name = "Not now"): PolicyDocumentInput => ({
  name,
  effect: "deny",
  who: { everyone: true },
  may: { levels: ["read"] },
  on,
});
const decision = async () => {
  const question = { databaseId: registered.database.id, level: "read", durationMinutes: 60 } as const;
  const { decision: decided } = await explainPolicy(world.ctx("engineer"), question);
  return decided.outcome === "allowed" ? decided.policyName : decided.code;
};
const renameEnvironment = (name: string, version = 1) =>
  changeEnvironment(admin(), { id: registered.environment.id, version, name, rank: 30, protected: true });
async function renameInstance(name: string) {
  const { id, version, engine, environmentId, networkId, secretName, labels, tls }: Instance =
    registered.instance;
  const fields = { engine, environmentId, networkId, secretName, labels, tls };
  await changeInstance(admin(), { id, version, name, ...fields });
}
const shown = async (name = "Not now") => {
  const found = (await listAllPolicies(admin(), {})).items.find(({ policy }) => policy.name === name);
  return policyView.parse(found);
};
const kept = async (name = "Not now") =>
  (await listPolicies(world)).find(({ document }) => document.name === name)?.document.on;

test.each([
  ["kept with names, as the first release wrote it", true],
  ["written now", false],
])(
  "a policy %s follows the environment and the instance that it names when they are renamed",
  async (_how, isOld) => {
    const denies = [
      denyOn({ environments: ["production"] }, "By environment"),
      denyOn({ instances: ["shop-production"] }, "By instance"),
    ];
    await registering(isOld ? [...teamPolicies, ...denies] : teamPolicies);
    if (!isOld) for (const policy of denies) await createPolicy(admin(), { policy });
    expect(await decision()).toBe("policy.denied");
    await renameEnvironment("live");
    await renameInstance("shop-live");
    expect(await kept("By environment")).toEqual({ environments: [registered.environment.id] });
    expect(await kept("By instance")).toEqual({ instances: [registered.instance.id] });
    expect(await decision()).toBe("policy.denied");
    expect((await shown("By environment")).policy.on).toEqual({ environments: ["live"] });
    expect((await shown("By instance")).policy.on).toEqual({ instances: ["shop-live"] });
    for (const name of ["By environment", "By instance"]) {
      const { id, version, policy } = await shown(name);
      await changePolicy(admin(), { id, version, policy: { ...policy, enabled: false } });
    }
    // The allow followed as well.
    expect(await decision()).toBe("Engineers read production");
  },
);

test("what takes the name of a renamed environment is not what a policy means", async () => {
  await registering([...teamPolicies, denyOn({ environments: ["production"] })]);
  await renameEnvironment("live");
  const other = await createEnvironment(admin(), { name: "production", rank: 1, protected: false });
  expect(await decision()).toBe("policy.denied");
  const policies = await listPolicies(world);
  expect(JSON.stringify(policies)).not.toContain(other.id);
  expect((await shown()).policy.on).toEqual({ environments: ["live"] });
});

test("who opened a policy before the rename does not save the old name over it", async () => {
  await registering();
  const { id, version, policy } = await createPolicy(admin(), {
    policy: denyOn({ environments: ["production"] }),
  });
  await renameEnvironment("live");
  await createEnvironment(admin(), { name: "production", rank: 1, protected: false });
  const save = () => changePolicy(admin(), { id, version, policy: { ...policy, description: "x" } });
  await isRefused(world, save, "policy.changed");
});

test("a rename is one event, which names the policies that follow", async () => {
  await registering([denyOn({ environments: ["production"] }), denyOn({}, "Other")]);
  const event = await leavesOneEvent(world, () => renameEnvironment("live"));
  expect(event).toMatchObject({ operation: "environment.change", data: { policies: ["Not now"] } });
  const same = await leavesOneEvent(world, () => renameEnvironment("live", 2));
  expect(same.data).not.toHaveProperty("policies");
});

test("a name that nothing has, and what was deleted, are told with the policy", async () => {
  await registering();
  const created = await createPolicy(admin(), {
    policy: denyOn({ environments: ["later", "production"], instances: ["never"] }),
  });
  expect(created.unmatched).toEqual({ environments: ["later"], instances: ["never"] });
  const later = await createEnvironment(admin(), { name: "later", rank: 1, protected: false });
  expect((await shown()).unmatched).toEqual({ environments: [], instances: ["never"] });
  const { id, version, policy } = await shown();
  await changePolicy(admin(), { id, version, policy });
  expect((await kept())?.environments).toEqual([later.id, registered.environment.id]);
  await deleteEnvironment(admin(), { id: later.id, version: 1 });
  expect(await shown()).toMatchObject({
    policy: { on: { environments: [later.id, "production"] } },
    unmatched: { environments: [later.id], instances: ["never"] },
  });
});

test("a name and the id of the same thing are one entry", async () => {
  await registering();
  await createPolicy(admin(), {
    policy: denyOn({ environments: ["production", registered.environment.id] }),
  });
  expect(await kept()).toEqual({ environments: [registered.environment.id] });
});

test("reasons speak of environments by the names of now", async () => {
  await registering();
  await createEnvironment(admin(), { name: "staging", rank: 1, protected: false });
  await createPolicy(admin(), { policy: denyOn({ environments: ["staging"] }) });
  const question = { databaseId: registered.database.id, level: "read", durationMinutes: 60 } as const;
  const { considered } = await explainPolicy(admin(), question);
  expect(considered.find(({ policyName }) => policyName === "Not now")?.reason).toMatchObject({
    code: "policy.other-environment",
    message: "It is for the environment staging.",
  });
});

test("more policies than fit into one transaction are not left behind: the rename is refused", async () => {
  const many = Array.from({ length: 81 }, (_, n) => denyOn({ environments: ["production"] }, `Deny ${n}`));
  await registering(many);
  await isRefused(world, () => renameEnvironment("live"), "policy.too-many-named");
  const { id, version, policy } = await shown("Deny 7");
  await changePolicy(admin(), { id, version, policy });
  await renameEnvironment("live");
  expect((await shown("Deny 80")).policy.on).toEqual({ environments: ["live"] });
});
