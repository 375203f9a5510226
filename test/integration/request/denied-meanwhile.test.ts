import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import { deletingInstance } from "@daypass/core/catalog/instance.store.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { deletePolicy } from "@daypass/core/policy/delete-policy.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

/** As an inspection records it that no longer finds the database. */
const withdraw = () =>
  commitAll(story.world, [puttingDatabase(story.world, { ...story.registered.database, present: false })]);

const reject = (id: Awaited<ReturnType<Story["ask"]>>["id"]) =>
  reviewRequest(story.ctx("lead"), { id, decision: "reject", comment: "the database is gone" });

describe("a database that was withdrawn after it was asked for", () => {
  test.each([
    ["with a denial written meanwhile", freeze],
    ["with no denial", () => Promise.resolve()],
  ])("%s: nothing is approved, and it can be rejected", async (_what, deny) => {
    const { id } = await story.ask();
    await deny();
    await withdraw();
    await isRefused(story.world, () => story.approve(id), "request.database-withdrawn");
    expect((await reject(id)).status).toBe("rejected");
  });

  test("also holds up the first of two approvals", async () => {
    const { id } = await story.ask({ level: "write" });
    await withdraw();
    await isRefused(story.world, () => story.approve(id), "request.database-withdrawn");
  });

  test("and the extension of access to it", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id);
    await freeze();
    await withdraw();
    await isRefused(story.world, () => story.approve(id), "request.database-withdrawn");
    expect((await reject(id)).status).toBe("rejected");
    await isRefused(story.world, () => story.extend(grant.id), "database.missing");
  });
});

describe("between approval and account, the broker looks once more", () => {
  const noAccount = async (id: Awaited<ReturnType<Story["plannedGrant"]>>["id"], message: string) => {
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(await story.grant(id)).toMatchObject({
      state: "revoked",
      endedBy: "failure",
      failure: { step: "provision", reason: "refused", message: expect.stringContaining(message) as string },
    });
    expect(story.server.accounts.size).toBe(0);
    expect(story.server.secrets.size).toBe(0);
    const operations = (await story.world.events()).filter((event) => event.subjectId === id);
    expect(operations.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "grant.begin-revocation failed",
      "grant.finish done",
    ]);
    expect(operations[0]?.data["message"]).toContain(message);
  };

  test("what is denied by now gets no account, and says which policy denies it", async () => {
    const { id } = await story.plannedGrant();
    await freeze();
    await noAccount(id, "Nothing while we look into the incident");
  });

  test("nor what was withdrawn by now", async () => {
    const { id } = await story.plannedGrant();
    await withdraw();
    await noAccount(id, "withdrawn");
  });

  test("nor what is denied between two attempts", async () => {
    const { id } = await story.plannedGrant();
    story.server.faults.push("after");
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "provisioning" });
    await freeze();
    story.world.clock.advance({ minutes: 1 });
    expect(await story.turn(id)).toEqual({ next: "done" });
    expect(await story.grant(id)).toMatchObject({ state: "revoked", failure: { reason: "refused" } });
    expect(story.server.accounts.size).toBe(0);
  });

  test("nor break-glass that a denial took away in that moment", async () => {
    const { id, grantId } = await story.ask({ breakGlass: true, durationMinutes: 10 });
    expect((await story.request(id)).status).toBe("approved");
    await createPolicy(story.ctx("administrator"), {
      policy: {
        name: "No break-glass today",
        effect: "deny",
        who: { everyone: true },
        on: {},
        may: { breakGlass: true },
      },
    });
    if (!grantId) throw new Error("break-glass without a grant");
    await noAccount(grantId, "No break-glass today");
    // The same denial leaves an ordinary request alone.
    expect(await story.activeGrant()).toMatchObject({ state: "active" });
  });

  test("what was made before a denial was written goes on to its end", async () => {
    const { id } = await story.activeGrant();
    await freeze();
    expect(await story.turn(id)).toMatchObject({ next: "wait" });
    expect(await story.grant(id)).toMatchObject({ state: "active" });
  });

  test("a suspended holder gets none", async () => {
    const { id } = await story.plannedGrant();
    await suspendUser(story.ctx("administrator"), {
      id: story.world.people.engineer.id,
      reason: "a stolen laptop",
    });
    await story.turn(id);
    expect(story.server.accounts.size).toBe(0);
  });

  test("an instance that is gone is a failure with its reason", async () => {
    const { id } = await story.plannedGrant();
    await commitAll(story.world, [deletingInstance(story.world, story.registered.instance)]);
    await story.turn(id);
    expect(await story.grant(id)).toMatchObject({ state: "revoking", endedBy: "failure" });
    expect(story.server.accounts.size).toBe(0);
  });
});

test("access that a kill switch was pulled for is not extended, whether the approval comes before or after", async () => {
  const waiting = await story.activeGrant();
  const { id } = await story.extend(waiting.id);
  const other = await story.activeGrant();
  await orderInstanceAccessEnd(story.ctx("administrator"), {
    id: story.registered.instance.id,
    reason: "the server was broken into",
  });
  await isRefused(story.world, () => story.approve(id), "grant.not-active");
  await isRefused(story.world, () => story.extend(other.id), "grant.not-active");
  expect((await reject(id)).status).toBe("rejected");
});
