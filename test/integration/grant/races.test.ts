import { endInstanceAccess } from "@daypass/core/catalog/end-instance-access.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { isHeld } from "@daypass/core/grant/held.ts";
import { endUserAccess } from "@daypass/core/identity/end-user-access.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUser } from "@daypass/core/identity/user.store.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createQuickTable } from "../../campaign/histories/quick-table.ts";
import { createWorldIn, type Person, type World } from "../harness.ts";
import { createClock } from "../movable-clock.ts";
import { teamPolicies } from "../registered.ts";
import { createStory, type Story } from "../story.ts";

/** Each race is run so often, each time with other pauses between the reads and writes of those who take part. */
const rounds = 20;

let story: Story;
beforeAll(async () => {
  // Without signatures and HTTP, which take most of the time; nothing here strikes with the faults of the other one.
  const quick: Promise<unknown> = createWorldIn(createClock(), createQuickTable);
  story = await createStory(teamPolicies, quick as Promise<World>);
});
afterAll(() => story.world.close());

/** Small whole numbers that look random and are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % 7;
  };
}

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Somebody whose reads and writes take their time. */
function slow<C extends Context>(ctx: C, next: () => number): C {
  const client = new Proxy(ctx.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        await pause(next());
        return target.send(command);
      };
    },
  });
  return { ...ctx, table: { ...ctx.table, client } };
}

type Cast = (who: Person) => ReturnType<Story["ctx"]>;
type Race = (as: Cast) => Promise<Record<string, () => Promise<unknown>>>;

/** Runs all at once, and answers how each ended: "done", or the code of its refusal. */
async function run(race: Race, round: number): Promise<Record<string, string>> {
  const next = numbers(round + 1);
  const runs = Object.entries(await race((who) => slow(story.ctx(who), next)));
  const ended = await Promise.all(
    runs.map(async ([name, act]) => {
      await pause(next());
      const code = await act().then(
        () => "done",
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      return [name, code] as const;
    }),
  );
  return Object.fromEntries(ended);
}

const reason = "the laptop was stolen";
const engineer = () => story.world.people.engineer.id;

/** Every account there is belongs to a grant that is active, and every active grant has one. */
async function noOrphans(grants: readonly Grant["id"][]): Promise<void> {
  for (const id of grants) {
    for (let turn = 0; turn < 4; turn += 1) {
      if ((await story.turn(id)).next !== "again") break;
    }
    const { state, account } = await story.grant(id);
    expect([id, state, story.server.accounts.has(account)]).toEqual([id, state, state === "active"]);
    expect(["active", "revoked"]).toContain(state);
  }
}

/** What somebody may be told who came too late; "changed in the meantime" is for those who vote or extend. */
const tooLate = /^(done|grant\.(already-ended|not-active|changed)|request\.(already-decided|changed))$/;

async function afterwards(grants: readonly Grant["id"][]): Promise<void> {
  await noOrphans(grants);
  for (const id of grants) if (isHeld(await story.grant(id))) await endGrant(story.ctx("engineer"), { id });
  await noOrphans(grants);
  story.world.clock.advance({ ms: 1 });
}

test("approve, approve and cancel: one wins, and there is a grant exactly when the approval won", async () => {
  const winners = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await story.ask();
    const outcome = await run(
      async (as) => ({
        lead: () => reviewRequest(as("lead"), { id, decision: "approve" }),
        administrator: () => reviewRequest(as("administrator"), { id, decision: "approve" }),
        cancel: () => cancelRequest(as("engineer"), { id }),
      }),
      round,
    );
    const won = Object.entries(outcome).filter(([, code]) => code === "done");
    expect(won, JSON.stringify(outcome)).toHaveLength(1);
    for (const code of Object.values(outcome)) expect(code).toMatch(tooLate);
    const { status, grantId } = await story.request(id);
    expect(status).toBe(won[0]?.[0] === "cancel" ? "cancelled" : "approved");
    expect(grantId !== undefined).toBe(status === "approved");
    if (grantId) await afterwards([grantId]);
    winners.add(won[0]?.[0] ?? "");
  }
  expect(winners.size).toBeGreaterThan(1);
});

test("end by the holder, end by an administrator, and the turn that makes the account: it ends, and no account is left", async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await story.plannedGrant();
    const outcome = await run(
      async (as) => ({
        holder: () => endGrant(as("engineer"), { id }),
        administrator: () => endGrant(as("administrator"), { id }),
        turn: () => story.turn(id),
      }),
      round,
    );
    expect(Object.values(outcome).filter((code) => code === "done").length).toBeGreaterThanOrEqual(2);
    expect(new Set([outcome["holder"], outcome["administrator"]])).toEqual(
      new Set(["done", "grant.already-ended"]),
    );
    await noOrphans([id]);
    expect((await story.grant(id)).state).toBe("revoked");
  }
});

test("extend, approve the extension, and end: access is over, whoever was first", async () => {
  for (let round = 0; round < rounds; round += 1) {
    const grant = await story.activeGrant();
    const extension = await story.extend(grant.id);
    const outcome = await run(
      async (as) => ({
        approve: () => reviewRequest(as("lead"), { id: extension.id, decision: "approve" }),
        end: () => endGrant(as("engineer"), { id: grant.id }),
        turn: () => story.turn(grant.id),
      }),
      round,
    );
    expect(outcome["end"], JSON.stringify(outcome)).toBe("done");
    expect(outcome["approve"]).toMatch(tooLate);
    await noOrphans([grant.id]);
    expect((await story.grant(grant.id)).state).toBe("revoked");
    expect((await story.request(extension.id)).status).not.toBe("pending");
  }
});

test.each([
  ["a person's kill switch", (as: Cast) => endUserAccess(as("administrator"), { id: engineer(), reason })],
  [
    "an instance's kill switch",
    (as: Cast) => endInstanceAccess(as("administrator"), { id: story.registered.instance.id, reason }),
  ],
])(
  "%s against approval, extension and turns: nothing that was planned before it lasts",
  async (_what, pull) => {
    for (let round = 0; round < rounds; round += 1) {
      const waiting = await story.ask();
      const planned = await story.plannedGrant();
      const active = await story.activeGrant();
      const outcome = await run(
        async (as) => ({
          pull: () => pull(as),
          approve: () => reviewRequest(as("lead"), { id: waiting.id, decision: "approve" }),
          extend: () => story.extend(active.id),
          turn: () => story.turn(planned.id),
          end: () => endGrant(as("engineer"), { id: active.id }),
        }),
        round,
      );
      expect(outcome["pull"], JSON.stringify(outcome)).toBe("done");
      for (const name of ["approve", "extend", "end"]) expect(outcome[name]).toMatch(tooLate);
      await noOrphans([planned.id, active.id]);
      expect((await story.grant(planned.id)).state).toBe("revoked");
      expect((await story.grant(active.id)).state).toBe("revoked");
      const { grantId } = await story.request(waiting.id);
      if (grantId) await afterwards([grantId]);
      else story.world.clock.advance({ ms: 1 });
    }
  },
);

test("suspension against approval, extension, end and turns: it always suspends, and nothing is held after it", async () => {
  for (let round = 0; round < rounds; round += 1) {
    const waiting = await story.ask();
    const planned = await story.plannedGrant();
    const active = await story.activeGrant();
    const outcome = await run(
      async (as) => ({
        suspend: () => suspendUser(as("administrator"), { id: engineer(), reason }),
        approve: () => reviewRequest(as("lead"), { id: waiting.id, decision: "approve" }),
        extend: () => story.extend(active.id),
        turn: () => story.turn(planned.id),
        end: () => endGrant(as("administrator"), { id: active.id }),
      }),
      round,
    );
    expect(outcome["suspend"], JSON.stringify(outcome)).toBe("done");
    expect((await findUser(story.world, engineer()))?.suspendedAt).toBeDefined();
    expect(outcome["approve"]).toMatch(/^(done|request\.requester-suspended)$/);
    const { grantId } = await story.request(waiting.id);
    const all = [planned.id, active.id, ...(grantId ? [grantId] : [])];
    await noOrphans(all);
    for (const id of all) expect((await story.grant(id)).state).toBe("revoked");
    await reinstateUser(story.ctx("administrator"), { id: engineer() });
    story.world.clock.advance({ ms: 1 });
  }
});
