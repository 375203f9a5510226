import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { savingGrant } from "@daypass/core/grant/grant.store.ts";
import { moved } from "@daypass/core/grant/grant.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUser, savingUser } from "@daypass/core/identity/user.store.ts";
import { suspended } from "@daypass/core/identity/user.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { meanwhile } from "../meanwhile.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const suspend = () =>
  suspendUser(story.ctx("administrator"), {
    id: story.world.people.engineer.id,
    reason: "the laptop was stolen",
  });

test("suspending somebody ends the access that they hold in the same moment, told in its story", async () => {
  const grant = await story.activeGrant();
  const timers = story.world.timers.length;
  const { events } = await story.world.watch(suspend);
  expect(events.map(({ operation, subjectId }) => [operation, subjectId])).toEqual([
    ["grant.end", grant.id],
    ["user.suspend", story.world.people.engineer.id],
  ]);
  expect(events[0]).toMatchObject({
    story: grant.story,
    actor: { name: "Priya Castell" },
    data: { state: "revoking", endedBy: "administrator", reason: "The holder was suspended." },
  });
  expect(await story.grant(grant.id)).toMatchObject({
    state: "revoking",
    endedBy: "administrator",
    endsAt: story.world.clock.now(),
  });
  expect(story.world.timers.slice(timers)).toEqual([
    { id: grant.id, name: `${grant.id}-${grant.version + 1}` },
  ]);
  await story.turn(grant.id);
  expect((await story.grant(grant.id)).state).toBe("revoked");
  expect(story.server.opens(grant.account)).toBe(false);
});

test("access that is only planned never comes about, and being reinstated does not bring it back", async () => {
  const grant = await story.plannedGrant();
  await suspend();
  await reinstateUser(story.ctx("administrator"), { id: story.world.people.engineer.id });
  await story.turn(grant.id);
  expect((await story.grant(grant.id)).state).toBe("revoked");
  expect([...story.server.accounts.keys()]).toEqual([]);
});

test("access that somebody else ended already keeps its story", async () => {
  const grant = await story.activeGrant();
  await endGrant(story.ctx("engineer"), { id: grant.id });
  const { events } = await story.world.watch(suspend);
  expect(events.map(({ operation }) => operation)).toEqual(["user.suspend"]);
  expect(await story.grant(grant.id)).toMatchObject({ state: "revoking", endedBy: "holder" });
});

test("of many grants all are ended", async () => {
  const ids = [];
  for (let count = 0; count < 48; count += 1) ids.push((await story.plannedGrant()).id);
  await suspend();
  const states = await Promise.all(ids.map(async (id) => (await story.grant(id)).state));
  expect(new Set(states)).toEqual(new Set(["revoking"]));
});

test("approved in the very moment of the suspension: nothing is provided to who is suspended", async () => {
  const grant = await story.plannedGrant();
  const user = await findUser(story.world, story.world.people.engineer.id);
  if (!user) throw new Error("no user");
  await commitAll(story.world, [
    savingUser(story.world, suspended(user, "on leave", story.world.clock.now())),
  ]);
  await story.turn(grant.id);
  expect(await story.grant(grant.id)).toMatchObject({ state: "revoked", endedBy: "administrator" });
  expect(story.server.secrets.size).toBe(0);
});

/** Before each commit of the suspension the grant moves. */
function pestered(times: number, move: () => Promise<unknown>) {
  let left = times;
  const ctx = story.ctx("administrator");
  const client = new Proxy(ctx.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        if (command instanceof TransactWriteCommand && left > 0) {
          left -= 1;
          await move();
        }
        return target.send(command);
      };
    },
  });
  return { ...ctx, table: { ...ctx.table, client } };
}

test.each([1, 3, 6])(
  "a grant that moves %i times meanwhile does not keep somebody from being suspended",
  async (times) => {
    const grant = await story.activeGrant();
    const touch = async () => {
      const now = await story.grant(grant.id);
      if (now.state === "active")
        await commitAll(story.world, [savingGrant(story.world, moved(now, "active"))]);
    };
    const { id } = story.world.people.engineer;
    await suspendUser(pestered(times, touch), { id, reason: "the laptop was stolen" });
    expect((await findUser(story.world, id))?.suspendedAt).toBeDefined();
    expect(await story.grant(grant.id)).toMatchObject({ state: "revoking", endedBy: "administrator" });
    const events = (await story.world.events()).filter(({ operation }) => operation === "user.suspend");
    expect(events).toMatchObject([{ outcome: "done", data: { reason: "the laptop was stolen" } }]);
  },
);

test("who signs in in that very moment is suspended all the same", async () => {
  const { id, issuer, subject, name, email } = story.world.people.engineer;
  const signIn = () =>
    openSession(story.world.ctx({ kind: "anonymous" }), {
      issuer,
      subject,
      name,
      email,
      groups: ["engineers"],
    });
  await suspendUser(meanwhile(story.ctx("administrator"), signIn), { id, reason: "the laptop was stolen" });
  expect((await findUser(story.world, id))?.suspendedAt).toBeDefined();
});
