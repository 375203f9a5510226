import { defaultConnectionSettings } from "@daypass/core/catalog/connection-room.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { findInspection } from "@daypass/core/catalog/inspection.store.ts";
import { savingInstance } from "@daypass/core/catalog/instance.store.ts";
import { readInstance } from "@daypass/core/catalog/read-instance.ts";
import { recordInspection } from "@daypass/core/catalog/record-inspection.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRefused } from "../outcome.ts";
import { createStory, type Story, workflow } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
  const usual = { ...story.registered.instance, ...defaultConnectionSettings, version: 2 };
  await commitAll(story.world, [savingInstance(story.world, usual)]);
});
afterEach(() => story.world.close());

const ask = () => ({ databaseId: story.registered.database.id, level: "read" as const, durationMinutes: 60 });
const preview = (who: Parameters<Story["ctx"]>[0] = "engineer") => previewRequest(story.ctx(who), ask());

/** As the server was found to be at its last inspection, and is. */
async function takes(max: number): Promise<void> {
  story.server.connectionsOfServer = max;
  const { id } = story.registered.instance;
  await inspectInstance(story.ctx("administrator"), { id });
  const { run = "" } = (await findInspection(story.world, id)) ?? {};
  await recordInspection(story.ctx(workflow), {
    outcome: "found",
    instanceId: id,
    run,
    databases: [],
    finish: { serverVersion: "PostgreSQL 17.1", connections: { max, reserved: 3 }, checks: [] },
  });
}

test("on a full server preview and request say so before anybody approves, and when a place becomes free", async () => {
  await takes(23); // 10 of 20 may be lent: two accounts of five.
  const first = await story.activeGrant();
  expect(await preview()).toMatchObject({ allowed: true, reasons: [] });
  await story.activeGrant();
  const refusal =
    /^All connections of shop-production that may be lent are taken: 10 of 10\. .*next access ends at 2026-06-09 13:00 UTC\.$/;
  expect(await preview("lead")).toMatchObject({ allowed: false, reasons: [expect.stringMatching(refusal)] });
  await isRefused(story.world, () => story.ask(), "instance.full");
  await endGrant(story.ctx("engineer"), { id: first.id });
  await story.turn(first.id);
  expect(await preview()).toMatchObject({ allowed: true, reasons: [] });
});

test("what was asked for while there was room is not created on a full server, says why, and is created once there is room", async () => {
  await takes(23);
  const waiting = [await story.plannedGrant(), await story.plannedGrant()];
  const [first, last] = waiting;
  if (!first || !last) throw new Error("two were planned");
  story.server.connectionsOfServer = 13; // Somebody made the server smaller: one account.
  await story.turn(first.id);
  await story.turn(last.id);
  expect(story.server.accounts.has(last.account)).toBe(false);
  expect(await story.grant(last.id)).toMatchObject({
    state: "provisioning",
    failure: { step: "provision", message: expect.stringContaining("are taken: 5 of 5") },
  });
  await endGrant(story.ctx("engineer"), { id: first.id });
  await story.turn(first.id);
  story.world.clock.advance({ minutes: 1 });
  await story.turn(last.id);
  expect((await story.grant(last.id)).state).toBe("active");
});

test("an account that an earlier attempt created does not stand in its own way", async () => {
  await takes(13);
  const { id, account } = await story.plannedGrant();
  story.server.faults.push("after");
  await story.turn(id);
  expect(story.server.accounts.has(account)).toBe(true);
  story.world.clock.advance({ minutes: 1 });
  await story.turn(id);
  expect((await story.grant(id)).state).toBe("active");
});

test("accounts have the instance's connection limit on the server, and the bound counts what stands there", async () => {
  await takes(1_000);
  const { account } = await story.activeGrant();
  expect(story.server.accounts.get(account)?.plan.connectionLimit).toBe(5);
  expect(await readInstance(story.ctx("administrator"), { id: story.registered.instance.id })).toMatchObject({
    connectionsPerAccount: 5,
    connectionShare: 50,
    accountsPerPerson: 5,
    connections: { max: 1_000, reserved: 3, lendable: 498 },
  });
});

test("one person may hold five accounts on a server; another may still ask", async () => {
  await takes(1_000);
  for (let held = 0; held < 5; held += 1) await story.activeGrant();
  await isRefused(story.world, () => story.ask(), "instance.full-for-person");
  expect((await preview()).reasons).toEqual([
    expect.stringContaining("You hold 5 accounts on shop-production"),
  ]);
  expect(await preview("lead")).toMatchObject({ allowed: true });
});

test("what one person had approved beside each other is created up to their limit and no further", async () => {
  await takes(1_000);
  const requests = [];
  for (let filed = 0; filed < 6; filed += 1) requests.push((await story.ask()).id);
  const grants = [];
  for (const id of requests) grants.push((await story.approve(id)).grantId);
  for (const id of grants) if (id) await story.turn(id);
  const states = await Promise.all(grants.map(async (id) => id && (await story.grant(id)).state));
  expect(states).toEqual(["active", "active", "active", "active", "active", "provisioning"]);
  expect(story.server.accounts.size).toBe(5);
});
