import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import { expect } from "vitest";
import type { World } from "./harness.ts";

type Run = () => Promise<unknown>;

/** It succeeds and leaves exactly one event, which is returned. */
export async function leavesOneEvent(world: World, run: Run): Promise<AuditEvent> {
  const { error, events } = await world.watch(run);
  expect(error).toBeUndefined();
  expect(events).toHaveLength(1);
  const [event] = events;
  if (!event) throw new Error("no event");
  expect(event.outcome).toBe("done");
  return event;
}

/** It succeeds and leaves no event, as reading does. */
export async function leavesNothing(world: World, run: Run): Promise<void> {
  expect(await world.watch(run)).toEqual({ error: undefined, events: [] });
}

/** It fails with this code and leaves nothing behind. */
export async function isRefused(world: World, run: Run, code: string): Promise<void> {
  const { error, events } = await world.watch(run);
  expect(error).toMatchObject({ code });
  expect(events).toEqual([]);
}

/** It fails with this code, and exactly one event says that it was denied. */
export async function isDenied(world: World, run: Run, operation: string, code = "forbidden"): Promise<void> {
  const { error, events } = await world.watch(run);
  expect(error).toMatchObject({ code });
  expect(events).toMatchObject([{ operation, outcome: "denied", data: { code } }]);
}

/** Of these, run at the same time, one succeeds with its one event and the others fail with this code. */
export async function oneWins(
  world: World,
  runs: readonly Run[],
  code: string,
  outcome: AuditEvent["outcome"] = "done",
): Promise<void> {
  const before = new Set((await world.events()).map((event) => event.id));
  const outcomes = await Promise.allSettled(runs.map((run) => run()));
  const failed = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(failed.map((outcome) => (outcome.reason as { code?: string }).code)).toEqual(
    Array.from({ length: runs.length - 1 }, () => code),
  );
  const fresh = (await world.events()).filter((event) => !before.has(event.id));
  expect(fresh.map((event) => event.outcome)).toEqual([outcome]);
}
