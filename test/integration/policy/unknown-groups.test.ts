import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import type { UserActor } from "@daypass/core/kernel/context.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { explainPolicyForOther } from "@daypass/core/policy/explain-policy-for-other.ts";
import { countToReview } from "@daypass/core/request/inbox.store.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused } from "../outcome.ts";
import { teamPolicies } from "../registered.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory([
    ...teamPolicies,
    {
      name: "Everyone reads for ten minutes",
      effect: "allow",
      who: { everyone: true },
      may: { levels: ["read"] },
      on: { environments: ["production"] },
      for: { maxDurationMinutes: 10 },
      approval: [{ count: 1, groups: ["leads"] }],
    },
  ]);
});
afterEach(() => story.world.close());

/** Somebody signs in again, and the provider does not say their groups this time. */
async function signInWithoutGroups(person: Person): Promise<UserActor> {
  const { issuer, subject, name, email } = story.world.people[person];
  const anonymous = story.world.ctx({ kind: "anonymous" });
  const profile = { issuer, subject, name, email, groups: [], groupsUnknown: "elsewhere" } as const;
  const { cookie } = await openSession(anonymous, { ...profile, groups: [] });
  return (await authenticate(anonymous, { cookie })).actor;
}

const denyContractors = () =>
  createPolicy(story.ctx("administrator"), {
    policy: {
      name: "Nothing for contractors",
      effect: "deny",
      who: { groups: ["contractors"] },
      on: {},
      may: { levels: ["read"] },
    },
  });

test("a denial for a group applies to a request, to what waits, and to what was approved", async () => {
  const waiting = await story.ask();
  const planned = await story.plannedGrant();
  await denyContractors();
  const engineer = await signInWithoutGroups("engineer");
  const ask = () => story.ask({ durationMinutes: 10 }, engineer);
  const { error } = await story.world.watch(ask);
  expect(error).toMatchObject({
    code: "request.refused",
    details: { policyCode: "policy.denied" },
    message: expect.stringContaining("did not say whether that includes this person") as string,
  });
  await isRefused(story.world, () => story.approve(waiting.id), "request.denied-meanwhile");
  await story.turn(planned.id);
  expect(await story.grant(planned.id)).toMatchObject({ state: "revoked", failure: { reason: "refused" } });
  expect(story.server.accounts.size).toBe(0);
});

test("what is for everyone can be asked for, what is for a group cannot, and the reason says why", async () => {
  const engineer = await signInWithoutGroups("engineer");
  expect((await story.ask({ durationMinutes: 10 }, engineer)).status).toBe("pending");
  await isDenied(
    story.world,
    () => story.ask({ level: "write" }, engineer),
    "request.create",
    "request.refused",
  );
  const explanation = await explainPolicyForOther(story.ctx("auditor"), {
    userId: engineer.id,
    databaseId: story.registered.database.id,
    level: "write",
    durationMinutes: 10,
  });
  expect(explanation.summary).toContain("did not say this person's groups");
});

test("an approver by group sees and approves nothing until their groups are known", async () => {
  const { id } = await story.ask();
  const lead = await signInWithoutGroups("lead");
  expect(await countToReview(story.world, lead)).toBe(0);
  await isDenied(story.world, () => story.approve(id, lead), "request.review", "not-found");
  await isDenied(story.world, () => readRequest(story.ctx(lead), { id }), "request.read", "not-found");
});

test("an administrator has no role until their groups are known", async () => {
  const administrator = await signInWithoutGroups("administrator");
  const run = () =>
    suspendUser(story.ctx(administrator), { id: story.world.people.engineer.id, reason: "stolen laptop" });
  await isDenied(story.world, run, "user.suspend");
});
