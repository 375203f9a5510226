import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

/** A turn under way whose account is made only when it arrives, while another one makes it, and its access is ended. */
async function lateAndEnded() {
  const { id, account } = await story.plannedGrant();
  const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>();
  const broker = story.server.broker();
  const late = advanceGrant(
    {
      ...broker,
      accountServer: async (...where) => {
        const server = await broker.accountServer(...where);
        const provision: typeof server.provision = async (...given) => {
          await arrival;
          return server.provision(...given);
        };
        return { ...server, provision };
      },
    },
    id,
  );
  await expect.poll(async () => (await story.grant(id)).state).toBe("provisioning");
  await story.turn(id);
  await endGrant(story.ctx("engineer"), { id });
  return { id, account, arrive, late };
}

test("provisioning that arrives after the end is taken back at once, not when the record waits to be tried again", async () => {
  const { id, account, arrive, late } = await lateAndEnded();
  story.server.faults.push("quarantine");
  await story.turn(id);
  // Another revocation, begun before, dropped it in this moment.
  story.server.accounts.delete(account);
  arrive();
  expect(await late).toEqual({ next: "again" });
  expect(story.server.accounts.has(account)).toBe(false);
  expect(await story.grant(id)).toMatchObject({ state: "quarantined" });
  story.world.clock.advance({ minutes: 1 });
  expect(await story.turn(id)).toEqual({ next: "done" });
});

test("and that arrives after it was revoked is tried until it is dropped: locked is not absent", async () => {
  const { id, account, arrive, late } = await lateAndEnded();
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ state: "revoked" });
  story.server.faults.push(undefined, undefined, "quarantine", "before", "quarantine");
  arrive();
  expect(await late).toEqual({ next: "done" });
  expect(story.server.faults).toEqual([]);
  expect(story.server.accounts.has(account)).toBe(false);
});
