import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { deletePolicy } from "@daypass/core/policy/delete-policy.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRefused } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const freeze = () =>
  createPolicy(story.ctx("administrator"), {
    policy: {
      name: "Nothing while we look into the incident",
      effect: "deny",
      who: { everyone: true },
      on: { environments: ["production"] },
      may: { levels: ["read"] },
    },
  });

test("what a policy denies by now cannot be approved any more, only rejected", async () => {
  const { id } = await story.ask();
  await freeze();
  await isRefused(story.world, () => story.approve(id), "request.denied-meanwhile");
  const reject = { id, decision: "reject", comment: "we are looking into an incident" } as const;
  expect((await reviewRequest(story.ctx("lead"), reject)).status).toBe("rejected");
});

test("nor can an extension; once the denial is gone it can", async () => {
  const grant = await story.activeGrant();
  const { id } = await story.extend(grant.id);
  const policy = await freeze();
  await isRefused(story.world, () => story.approve(id), "request.denied-meanwhile");
  await deletePolicy(story.ctx("administrator"), { id: policy.id, version: policy.version });
  expect((await story.approve(id)).status).toBe("approved");
});

test("a denial for others, or one that is disabled, holds nothing up", async () => {
  const { id } = await story.ask();
  const { policy: document } = await freeze().then(async (policy) => {
    await deletePolicy(story.ctx("administrator"), { id: policy.id, version: policy.version });
    return policy;
  });
  await createPolicy(story.ctx("administrator"), {
    policy: { ...document, who: { everyone: false, users: [], groups: ["analysts"] } },
  });
  await createPolicy(story.ctx("administrator"), {
    policy: { ...document, name: "Not yet", enabled: false },
  });
  expect((await story.approve(id)).status).toBe("approved");
});
