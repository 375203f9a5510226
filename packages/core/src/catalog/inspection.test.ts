import { expect, test } from "vitest";
import { instantOf, plusMinutes, plusMs } from "../kernel/clock.ts";
import { idFrom } from "../kernel/ids.ts";
import { begunInspection, healthOf, inspectionMinutes, isRunning, viewOfInspection } from "./inspection.ts";

const now = instantOf(Date.UTC(2026, 0, 2));
const id = idFrom("instance", "01JD8Z5K3QW8R4T6Y2X9V7B1CN");

test("what was never inspected says so", () => {
  expect(viewOfInspection(undefined, [], now)).toMatchObject({
    status: "never",
    startedAt: null,
    error: null,
  });
});

test("a run that does not finish counts as failed after ten minutes, and not before", () => {
  const running = begunInspection(undefined, id, "run", now);
  const limit = plusMinutes(now, inspectionMinutes);
  expect(isRunning(running, plusMs(limit, -1))).toBe(true);
  expect(isRunning(running, limit)).toBe(false);
  expect(viewOfInspection(running, [], plusMs(limit, -1)).status).toBe("running");
  expect(viewOfInspection(running, [], limit)).toMatchObject({ status: "failed" });
});

test("a new run keeps what the last one learnt in sight", () => {
  const done = {
    ...begunInspection(undefined, id, "one", now),
    status: "done",
    serverVersion: "PostgreSQL 17.1",
    health: "attention",
  } as const;
  expect(begunInspection(done, id, "two", now)).toMatchObject({
    run: "two",
    status: "running",
    serverVersion: "PostgreSQL 17.1",
    health: "attention",
    version: 2,
  });
});

test("health asks for attention when something is missing; warnings do not", () => {
  expect(healthOf([])).toBe("ok");
  expect(healthOf([{ status: "ok" }, { status: "warning" }])).toBe("ok");
  expect(healthOf([{ status: "ok" }, { status: "missing" }])).toBe("attention");
});
