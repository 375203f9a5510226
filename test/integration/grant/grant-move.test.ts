import { activateGrant } from "@daypass/core/grant/activate-grant.ts";
import { armGrant } from "@daypass/core/grant/arm-grant.ts";
import { beginRevocation } from "@daypass/core/grant/begin-revocation.ts";
import { deleteSecret } from "@daypass/core/grant/delete-secret.ts";
import { finishGrant } from "@daypass/core/grant/finish-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { quarantineGrant } from "@daypass/core/grant/quarantine-grant.ts";
import { recordFailure } from "@daypass/core/grant/record-failure.ts";
import { startGrant } from "@daypass/core/grant/start-grant.ts";
import { undoExtension } from "@daypass/core/grant/undo-extension.ts";
import { writeOffGrant } from "@daypass/core/grant/write-off-grant.ts";
import { plusMinutes, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isDenied, isRefused, oneWins } from "../outcome.ts";
import { createStory, type Story, sweeper, workflow } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const unknownGrant = "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Grant["id"];
type Seen = Pick<Grant, "id" | "version">;
const at = ({ id, version }: Seen): Seen => ({ id, version });
const ctx = (actor: Actor = workflow) => story.ctx(actor);

const planned = () => story.plannedGrant();
const provisioning = async () => startGrant(ctx(), at(await planned()));
const active = () => story.activeGrant();
const extended = async () => {
  const grant = await active();
  const { id } = await story.extend(grant.id, 30);
  await story.approve(id);
  return story.grant(grant.id);
};
const revoking = async () => beginRevocation(ctx(), { ...at(await active()), endedBy: "expiry" });
const writtenOff = async () => {
  const grant = await recordFailure(ctx(), { ...at(await revoking()), step: "revoke", ...failure });
  story.world.clock.advance({ minutes: 30 });
  const reason = "The server was deleted; its provider confirmed it.";
  return writeOffGrant(story.ctx("administrator"), { ...at(grant), reason });
};

const failure = { reason: "unreachable", message: "The server cannot be reached.", random: 0 } as const;
const stuck = { reason: "owned-objects", message: "It owns a table.", random: 0 } as const;
const blockers = ["table public.leftover"];
const absent = () => ({ absentAt: story.world.clock.now(), sessionsEnded: 2, keptObjects: [] });

/** Each move: from where, called by its name, and what its event says. */
const moves: {
  name: string;
  from: () => Promise<Grant>;
  run: (seen: Seen, actor?: Actor) => Promise<Grant>;
  to: (before: Grant) => Partial<Grant>;
  event: Partial<AuditEvent>;
}[] = [
  {
    name: "grant.start",
    from: planned,
    run: (seen, actor) => startGrant(ctx(actor), at(seen)),
    to: () => ({
      state: "provisioning",
      startedAt: story.world.clock.now(),
      endsAt: plusMinutes(story.world.clock.now(), 60),
      databaseEndsAt: plusMinutes(story.world.clock.now(), 60),
    }),
    event: { outcome: "done" },
  },
  {
    name: "grant.activate",
    from: provisioning,
    run: (seen, actor) =>
      activateGrant(ctx(actor), {
        ...at(seen),
        serverId: 7,
        notGranted: ["table public.foreign"],
        deadManSwitch: "login",
      }),
    to: () => ({ state: "active", serverId: 7, deadManSwitch: "login" }),
    event: {
      outcome: "done",
      data: { state: "active", notGranted: ["table public.foreign"], deadManSwitch: "login" },
    },
  },
  {
    name: "grant.begin-revocation",
    from: active,
    run: (seen, actor) => beginRevocation(ctx(actor), { ...at(seen), endedBy: "expiry" }),
    to: ({ endsAt = story.world.clock.now() }) => ({ state: "revoking", endedBy: "expiry", endsAt }),
    event: { outcome: "done", data: { state: "revoking", endedBy: "expiry" } },
  },
  {
    name: "grant.record-failure",
    from: revoking,
    run: (seen, actor) => recordFailure(ctx(actor), { ...at(seen), step: "revoke", ...failure }),
    to: () => ({
      state: "revoking",
      failure: {
        step: "revoke",
        reason: "unreachable",
        message: failure.message,
        since: story.world.clock.now(),
        attempts: 1,
        blockers: [],
        remedy: [],
      },
      nextAttemptAt: plusMs(story.world.clock.now(), 10_000),
    }),
    event: { outcome: "failed", data: { step: "revoke", reason: "unreachable", attempts: 1 } },
  },
  {
    name: "grant.quarantine",
    from: revoking,
    run: (seen, actor) => quarantineGrant(ctx(actor), { ...at(seen), ...stuck, blockers, remedy: [] }),
    to: () => ({ state: "quarantined", nextAttemptAt: plusMs(story.world.clock.now(), 10_000) }),
    event: { outcome: "failed", data: { state: "quarantined", reason: "owned-objects", blockers } },
  },
  {
    name: "grant.arm",
    from: extended,
    run: (seen, actor) => armGrant(ctx(actor), at(seen)),
    to: ({ endsAt = story.world.clock.now() }) => ({ state: "active", endsAt, databaseEndsAt: endsAt }),
    event: { outcome: "done" },
  },
  {
    name: "grant.undo-extension",
    from: extended,
    run: (seen, actor) => undoExtension(ctx(actor), at(seen)),
    to: ({ databaseEndsAt = story.world.clock.now() }) => ({ state: "active", endsAt: databaseEndsAt }),
    event: { outcome: "failed" },
  },
  {
    name: "grant.finish",
    from: revoking,
    run: (seen, actor) => finishGrant(ctx(actor), { ...at(seen), ...absent() }),
    to: () => ({ state: "revoked", revokedAt: story.world.clock.now() }),
    event: { outcome: "done", data: { state: "revoked", sessionsEnded: 2, keptObjects: [] } },
  },
  {
    name: "grant.delete-secret",
    from: writtenOff,
    run: (seen, actor) => deleteSecret(ctx(actor), at(seen)),
    to: () => ({ state: "written-off" }),
    event: { outcome: "done", data: { state: "written-off" } },
  },
];

describe.each(moves)("$name", ({ name, from, run, to, event }) => {
  test("moves the grant, and exactly one event says so with actor, database and story", async () => {
    const before = await from();
    const { error, events } = await story.world.watch(() => run(before));
    expect(error).toBeUndefined();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      operation: name,
      subjectId: before.id,
      story: before.story,
      actor: { kind: "system", id: "system:workflow" },
      database: { id: before.database.id, name: "shop" },
      ...event,
    });
    expect(await story.grant(before.id)).toMatchObject({ ...to(before), version: before.version + 1 });
    const secret = story.server.secrets.get(before.secretName) ?? "password";
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test("is refused when the grant is no longer the one that was looked at", async () => {
    const before = await from();
    const earlier = { id: before.id, version: before.version - 1 };
    await isRefused(story.world, () => run(earlier), "grant.changed");
    expect(await story.grant(before.id)).toEqual(before);
  });

  test("of timer and sweeper at once one moves it", async () => {
    const before = await from();
    await oneWins(
      story.world,
      [() => run(before), () => run(before, sweeper)],
      "grant.changed",
      event.outcome,
    );
  });

  test("is for the system alone: not for its holder, and not for administrators", async () => {
    const before = await from();
    for (const who of ["engineer", "administrator", "lead"] as const) {
      await isDenied(story.world, () => run(before, story.world.actor(who)), name, "not-found");
    }
    await isDenied(story.world, () => run(before, { kind: "system", name: "setup" }), name, "not-found");
    await isRefused(story.world, () => run(before, { kind: "anonymous" }), "session.required");
  });

  test("refuses bad input and unknown grants", async () => {
    await isRefused(story.world, () => run({ id: "grt_1" as never, version: 1 }), "input.invalid");
    await isRefused(story.world, () => run({ id: unknownGrant, version: 1.5 }), "input.invalid");
    await isRefused(story.world, () => run({ id: unknownGrant, version: 1 }), "not-found");
  });
});

describe("the end", () => {
  test("is counted from the attempt that succeeds", async () => {
    const own = await createStory();
    const { id, version } = await own.plannedGrant();
    const first = await startGrant(own.ctx(workflow), { id, version });
    own.world.clock.advance({ minutes: 5 });
    const second = await startGrant(own.ctx(workflow), { id, version: first.version });
    expect(second.endsAt).toBe(plusMinutes(own.world.clock.now(), 60));
    await own.world.close();
  });

  test("of what was never given is the moment at which it was given up, with its cause kept", async () => {
    const started = await provisioning();
    const failing = await recordFailure(ctx(), { ...at(started), step: "provision", ...failure });
    const { events } = await story.world.watch(() =>
      beginRevocation(ctx(), { ...at(failing), endedBy: "failure" }),
    );
    expect(events).toMatchObject([{ outcome: "failed", data: { message: failure.message } }]);
    const ended = await story.grant(started.id);
    expect(ended).toMatchObject({
      endedBy: "failure",
      endsAt: story.world.clock.now(),
      failure: { step: "provision", message: failure.message },
    });
    const finished = await finishGrant(ctx(), { ...at(ended), ...absent() });
    expect(finished).toMatchObject({ state: "revoked", failure: { step: "provision" } });
  });
});

describe("a move that the state machine does not have is refused", () => {
  test.each<[string, () => Promise<Grant>, (seen: Seen) => Promise<Grant>]>([
    ["starting what runs", active, (seen) => startGrant(ctx(), at(seen))],
    ["activating what was not started", planned, (seen) => activateGrant(ctx(), at(seen))],
    ["activating what is being revoked", revoking, (seen) => activateGrant(ctx(), at(seen))],
    ["arming what is being revoked", revoking, (seen) => armGrant(ctx(), at(seen))],
    ["undoing what is being revoked", revoking, (seen) => undoExtension(ctx(), at(seen))],
    [
      "quarantining what runs",
      active,
      (seen) => quarantineGrant(ctx(), { ...at(seen), ...stuck, blockers, remedy: [] }),
    ],
    ["finishing what runs", active, (seen) => finishGrant(ctx(), { ...at(seen), ...absent() })],
    [
      "ending again what is being revoked",
      revoking,
      (seen) => beginRevocation(ctx(), { ...at(seen), endedBy: "failure" }),
    ],
    ["arming what the database knows", active, (seen) => armGrant(ctx(), at(seen))],
    ["deleting the secret of what is being revoked", revoking, (seen) => deleteSecret(ctx(), at(seen))],
    ["undoing what was not extended", active, (seen) => undoExtension(ctx(), at(seen))],
    ["activating what runs", active, (seen) => activateGrant(ctx(), at(seen))],
  ])("%s", async (_what, from, run) => {
    const before = await from();
    await isRefused(story.world, () => run(before), "grant.illegal-move");
    expect(await story.grant(before.id)).toEqual(before);
  });
});
