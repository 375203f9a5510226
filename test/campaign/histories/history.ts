import { endInstanceAccess } from "@daypass/core/catalog/end-instance-access.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { dueAt, type Grant, grantIdOf } from "@daypass/core/grant/grant.ts";
import { retryGrant } from "@daypass/core/grant/retry-grant.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { writeOffGrant } from "@daypass/core/grant/write-off-grant.ts";
import { endUserAccess } from "@daypass/core/identity/end-user-access.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import type { FaultRule } from "@daypass/local/dynamodb/faults.ts";
import { AccountServerModel } from "../../integration/account-server-model.ts";
import { settings, type World } from "../../integration/harness.ts";
import type { MovableClock } from "../../integration/movable-clock.ts";
import type { Registered } from "../../integration/registered.ts";
import { arrivingAfter } from "./arriving-after.ts";
import { judge, must, mustBeInTime, mustBeTold } from "./judge.ts";
import type { QuickTable } from "./quick-table.ts";
import { grantsAtOnce, type History, type Step } from "./step.ts";
import { tolerant } from "./tolerant.ts";

export type HistoryWorld = World<MovableClock, QuickTable>;

/** A request, the grant that may come of it, and what was seen of both. */
type Story = {
  request: Id<"request">;
  id: Id<"grant">;
  extension: Id<"request"> | undefined;
  /** Who really decided, in the order of it. */
  approvals: string[];
};

/** Plays several grants through the steps at once, checks every line of the guarantee after each step, and then, with
 * everything up again and the sweeper alone, that all come to their end in time. */
export async function play(
  world: HistoryWorld,
  registered: Registered,
  { approved, steps }: History,
): Promise<void> {
  const server = new AccountServerModel(world);
  const clock = world.clock;
  const stories: Story[] = [];
  // What one history leaves undecided must not be another's quota.
  const request = { ...settings.request, openLimit: 1_000_000 };
  const ctx = (who: Parameters<HistoryWorld["ctx"]>[0]) => ({
    ...world.ctx(who),
    settings: { ...settings, request },
  });
  for (let number = 0; number < grantsAtOnce; number += 1) {
    const filed = await createRequest(ctx("engineer"), {
      databaseId: registered.database.id,
      // Writing takes two reviews, reading one.
      level: number % 2 === 0 ? "read" : "write",
      durationMinutes: 60,
      reason: "a history",
    });
    const story: Story = {
      request: filed.id,
      id: grantIdOf(filed.id),
      extension: undefined,
      approvals: [],
    };
    stories.push(story);
    if (!approved[number]) continue;
    await approve(story, "lead");
    if (number % 2 === 1) await approve(story, "administrator");
  }
  const inFlight: { arrive: () => void; turn: Promise<unknown> }[] = [];
  for (const one of steps) {
    await tolerant(() => take(one));
    for (const story of stories) await check(story);
  }
  await cleared();
  await comeToAnEnd();

  async function cleared(): Promise<void> {
    world.table.faults.set([]);
    server.isUp = true;
    server.faults.length = 0;
    server.meanwhile = undefined;
    await arriveAll();
  }

  async function arriveAll(): Promise<void> {
    for (const { arrive, turn } of inFlight.splice(0)) {
      arrive();
      await tolerant(() => turn);
    }
  }

  async function take(one: Step): Promise<unknown> {
    switch (one.do) {
      case "turn":
        return turn(storyOf(one.of));
      case "turn twice":
        return Promise.all([turn(storyOf(one.of)), turn(storyOf(one.of))]);
      case "turn late":
        return turnLate(storyOf(one.of));
      case "late arrives":
        return arriveAll();
      case "sweep":
        return sweepOnce();
      case "end":
        return endGrant(ctx("engineer"), { id: storyOf(one.of).id });
      case "retry":
        return retryGrant(ctx("engineer"), { id: storyOf(one.of).id });
      case "extend":
        return extend(storyOf(one.of), one.minutes);
      case "lead approves":
        return approve(storyOf(one.of), "lead");
      case "administrator approves":
        return approve(storyOf(one.of), "administrator");
      case "requester approves":
        return approve(storyOf(one.of), "engineer");
      case "reject extension": {
        const { extension } = storyOf(one.of);
        return (
          extension && reviewRequest(ctx("lead"), { id: extension, decision: "reject", comment: "enough" })
        );
      }
      case "write off":
        return writeOff(storyOf(one.of));
      case "suspend":
        return suspendForAMoment();
      case "end person":
        return endUserAccess(ctx("administrator"), { id: world.people.engineer.id, reason: "an incident" });
      case "end instance":
        return endInstanceAccess(ctx("administrator"), { id: registered.instance.id, reason: "an incident" });
      case "wait":
        return clock.advance({ minutes: one.minutes });
      case "down":
        return (server.isUp = false);
      case "up":
        return (server.isUp = true);
      case "server faults":
        return server.faults.push(...one.faults);
      case "table faults":
        return world.table.faults.set([tableFault(one)]);
      case "meanwhile":
        server.meanwhile = async () => {
          const step: Step =
            one.what === "wait"
              ? { do: "wait", minutes: 30 }
              : one.what === "sweep"
                ? { do: "sweep" }
                : { do: one.what, of: one.of, minutes: 1 };
          await tolerant(() => take(step));
        };
        return undefined;
    }
  }

  function storyOf(number: number): Story {
    const story = stories[number];
    if (!story) throw new Error("no such story");
    return story;
  }

  function turn({ id }: Story) {
    return advanceGrant(server.broker(), id);
  }

  /** Sent now; what it asks of the server arrives when somebody says so, behind whatever happens until then. */
  function turnLate(story: Story): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const turning = advanceGrant(arrivingAfter(server.broker(), promise), story.id);
    turning.catch(() => undefined);
    inFlight.push({ arrive: resolve, turn: turning });
  }

  async function extend(story: Story, minutes: number): Promise<void> {
    const filed = await extendGrant(ctx("engineer"), {
      id: story.id,
      durationMinutes: minutes,
      reason: "not done yet",
    });
    story.extension = filed.id;
  }

  async function approve(story: Story, who: "lead" | "administrator" | "engineer"): Promise<void> {
    const id = story.extension ?? story.request;
    await reviewRequest(ctx(who), { id, decision: "approve" });
    if (id === story.request) story.approvals.push(who);
  }

  /** After half an hour in which the server was away; it comes back as it was. */
  async function writeOff(story: Story): Promise<void> {
    const { id } = story;
    const wasUp = server.isUp;
    server.isUp = false;
    for (const minutes of [0, 31]) {
      clock.advance({ minutes });
      await tolerant(() => turn(story));
    }
    server.isUp = wasUp;
    const { version = 0 } = (await findGrant(world, id)) ?? {};
    await writeOffGrant(ctx("administrator"), { id, version, reason: "the server is gone for good" });
  }

  async function suspendForAMoment(): Promise<void> {
    const { id } = world.people.engineer;
    await suspendUser(ctx("administrator"), { id, reason: "an incident" });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const failed = await reinstateUser(ctx("administrator"), { id }).then(
        () => false,
        () => true,
      );
      if (!failed) return;
    }
    throw new Error("the engineer could not be reinstated");
  }

  function sweepOnce() {
    const actor = { kind: "system", name: "sweeper" } as const;
    return sweep({
      ...ctx(actor),
      brokers: {
        turn: (_network, id) => advanceGrant(server.broker(actor), id),
        reconcile: (_network, instanceId) => runReconciliation(server.broker(actor), instanceId),
      },
    });
  }

  async function check({ id, approvals }: Story): Promise<void> {
    const grant = await findGrant(world, id).catch(() => undefined);
    if (grant) judge(grant, { approvals, server, now: clock.now() });
  }

  /** Only the sweeper is left, once a minute. */
  async function comeToAnEnd(): Promise<void> {
    const backAt = clock.now();
    for (const story of stories) await tolerant(() => endGrant(ctx("engineer"), { id: story.id }));
    for (let minutes = 0; minutes < 12; minutes += 1) {
      const left = await unfinished();
      if (left.length === 0) break;
      for (const grant of left) mustBeInTime(grant, backAt, clock.now());
      clock.advance({ minutes: 1 });
      await sweepOnce();
      for (const story of stories) await check(story);
      for (const grant of await unfinished()) mustBeTold(grant, clock.now());
    }
    const [left] = await unfinished();
    if (left) must(false, "G3: it never ended", left);
    // Written off is said of what nobody saw absent: the next comparison takes it back.
    await runReconciliation(server.broker({ kind: "system", name: "sweeper" }), registered.instance.id);
    must(
      server.accounts.size === 0,
      `G5: accounts were left: ${[...server.accounts.keys()].join()}`,
      undefined,
    );
    must(server.secrets.size === 0, `G6: secrets were left: ${[...server.secrets.keys()].join()}`, undefined);
  }

  async function unfinished(): Promise<Grant[]> {
    const grants = await Promise.all(stories.map(({ id }) => findGrant(world, id)));
    return grants.filter((grant) => grant !== undefined).filter((grant) => dueAt(grant) !== undefined);
  }
}

function tableFault({ fault, times }: Extract<Step, { do: "table faults" }>): FaultRule {
  switch (fault) {
    case "index-lag":
      return { fault, lagMs: times * 30_000 };
    // Of six, one in six stays unread; of one, almost all: some reads come through, others fail.
    case "unprocessed-keys":
      return { fault, share: 1 - (times - 1) / 6, seed: times };
    case "short-pages":
      return { fault, items: times };
    case "transaction-conflict":
    case "throttling":
    case "lost-answer":
      return { fault, times };
  }
}
