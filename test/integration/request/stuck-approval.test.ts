import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { notify } from "@daypass/core/notification/notify.ts";
import { changePolicy } from "@daypass/core/policy/change-policy.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { explainPolicy } from "@daypass/core/policy/explain-policy.ts";
import { listAllPolicies } from "@daypass/core/policy/list-policies.ts";
import { policyDocumentSchema } from "@daypass/core/policy/policy.ts";
import { explanationView, policyView } from "@daypass/core/policy/policy.view.ts";
import { listAllRequests } from "@daypass/core/request/list-requests.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import { previewView, requestDetailView, requestView } from "@daypass/core/request/request.view.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory([document]);
});
afterEach(() => story.world.close());

const document = {
  name: "Owners approve",
  effect: "allow" as const,
  who: { groups: ["engineers"] },
  may: { levels: ["read" as const] },
  on: { environments: ["production"] },
  for: { maxDurationMinutes: 240 },
  approval: [{ count: 1, groups: ["owners"] }],
};
const stuck = {
  step: 1,
  missing: 1,
  certain: false,
  message: expect.stringMatching(/in owners signs in/) as string,
};

async function ownerSignsIn() {
  const anonymous = story.world.ctx({ kind: "anonymous" });
  const { cookie } = await openSession(anonymous, {
    issuer: "https://id.example.com",
    subject: "olga",
    name: "Olga Wirth",
    email: "olga.wirth@example.com",
    groups: ["owners"],
  });
  return (await authenticate(anonymous, { cookie })).actor;
}

const preview = async () => {
  const { reason: _reason, ...wish } = story.wish();
  return previewView.parse(await previewRequest(story.ctx("engineer"), wish));
};

test("the form says that nobody known can approve it, until somebody can", async () => {
  expect(await preview()).toMatchObject({ allowed: true, stuck });
  await ownerSignsIn();
  expect(await preview()).toMatchObject({ allowed: true, stuck: null });
});

test("the request says it, and administrators find it among all that wait", async () => {
  const { id } = await story.ask();
  const read = async () => requestDetailView.parse(await readRequest(story.ctx("engineer"), { id }));
  const all = async () => (await listAllRequests(story.ctx("administrator"), { status: "pending" })).items;
  expect(await read()).toMatchObject({ stuck });
  expect((await all()).map((request) => requestView.parse(request))).toMatchObject([{ id, stuck }]);
  const owner = await ownerSignsIn();
  expect(await read()).toMatchObject({ stuck: null });
  expect(await all()).toMatchObject([{ id, stuck: null }]);
  await suspendUser(story.ctx("administrator"), { id: owner.id, reason: "left the company" });
  expect(await read()).toMatchObject({ stuck });
});

test("the policy says it where it is listed, written and asked about", async () => {
  const { items } = await listAllPolicies(story.ctx("administrator"), {});
  expect(items.map((item) => policyView.parse(item))).toMatchObject([{ stuck }]);
  const two = { ...document, name: "Two leads", approval: [{ count: 2, groups: ["leads"] }] };
  const administrator = story.ctx("administrator");
  const created = await createPolicy(administrator, { policy: two });
  expect(created).toMatchObject({ stuck: { missing: 1 } });
  const { id, version } = created;
  const one = policyDocumentSchema.parse({ ...two, approval: [{ count: 1, groups: ["leads"] }] });
  expect(
    await changePolicy(administrator, { id, version, policy: { ...one, enabled: false } }),
  ).toMatchObject({
    stuck: null,
  });
  const explained = await explainPolicy(story.ctx("engineer"), {
    databaseId: story.registered.database.id,
    level: "read",
    durationMinutes: 60,
  });
  expect(explanationView.parse(explained)).toMatchObject({
    stuck,
    summary: expect.stringContaining("Nobody known to Daypass can give 1 approval of step 1.") as string,
  });
});

test("administrators are written to when it is filed, and nobody when somebody can approve it", async () => {
  const told = async () => {
    const sent: string[] = [];
    const { events } = await story.world.watch(() => story.ask());
    const send = async ({ to, subject }: { to: string; subject: string }) => {
      sent.push(`${to}: ${subject}`);
    };
    for (const event of events)
      await notify({ ...story.world.ctx({ kind: "anonymous" }), mail: { send } }, event);
    return sent;
  };
  expect(await told()).toEqual([
    "priya.castell@example.com: Nobody can approve the request of Erin Vale for shop",
  ]);
  await ownerSignsIn();
  expect(await told()).toEqual(["olga.wirth@example.com: Erin Vale asks for read on shop"]);
});
