import { type Instant, minutesBetween } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { CheckView, DatabaseView, InspectionView } from "./catalog.view.ts";
import type { ServerConnections } from "./connection-room.ts";

/** The last connection test and reading of an instance. Its checks are kept beside it, since they can be long. */
export type Inspection = {
  instanceId: Id<"instance">;
  /** Names one run; what another run finds out is not written over it. */
  run: string;
  status: "running" | "done" | "failed";
  startedAt: Instant;
  finishedAt?: Instant;
  serverVersion?: string;
  /** How many connections the server takes; unknown before the first inspection. */
  connections?: ServerConnections;
  /** One sentence; never a credential. */
  error?: string;
  health: DatabaseView["health"];
  version: number;
};

/** The workflow gives up long before; a run that is older was lost. */
export const inspectionMinutes = 10;

export function isRunning(inspection: Inspection | undefined, now: Instant): boolean {
  return inspection?.status === "running" && minutesBetween(inspection.startedAt, now) < inspectionMinutes;
}

/** A new run; what the last one learnt stays visible meanwhile. */
export function begunInspection(
  before: Inspection | undefined,
  instanceId: Id<"instance">,
  run: string,
  now: Instant,
): Inspection {
  return {
    instanceId,
    run,
    status: "running",
    startedAt: now,
    ...(before?.serverVersion ? { serverVersion: before.serverVersion } : {}),
    ...(before?.connections ? { connections: before.connections } : {}),
    health: before?.health ?? "unknown",
    version: (before?.version ?? 0) + 1,
  };
}

export function healthOf(checks: readonly Pick<CheckView, "status">[]): Inspection["health"] {
  return checks.some((check) => check.status === "missing") ? "attention" : "ok";
}

export function viewOfInspection(
  inspection: Inspection | undefined,
  checks: readonly CheckView[],
  now: Instant,
): InspectionView {
  const lost = inspection?.status === "running" && !isRunning(inspection, now);
  return {
    status: lost ? "failed" : (inspection?.status ?? "never"),
    startedAt: inspection?.startedAt ?? null,
    finishedAt: inspection?.finishedAt ?? null,
    serverVersion: inspection?.serverVersion ?? null,
    checks: [...checks],
    error: lost ? "The inspection did not finish; start it again." : (inspection?.error ?? null),
  };
}
