import type { GrantView } from "./api.ts";

/** How one layer of the guarantee stands: at work, weaker than it could be, failing, or not asked yet. */
export type LayerTone = "green" | "amber" | "red" | "grey";
export type DatabaseLayer =
  | "waiting"
  | "login"
  | "loginSince"
  | "drop"
  | "dropSince"
  | "none"
  | "untold"
  | "denied"
  | "open"
  | "unseen";
export type TimerLayer = "starting" | "awaited" | "running" | "due" | "retries" | "working" | "unseen";
export type SweeperLayer = "alive" | "silent" | "never";

export type Layers = {
  database: { says: DatabaseLayer; tone: LayerTone; at: string | null };
  timer: { says: TimerLayer; tone: LayerTone; at: string | null };
  sweeper: { says: SweeperLayer; tone: LayerTone; at: string | null };
};

type Known = Pick<
  GrantView,
  | "state"
  | "endsAt"
  | "databaseEndsAt"
  | "deadManSwitch"
  | "timerSeenAt"
  | "nextAttemptAt"
  | "failure"
  | "endedBy"
>;

/** The sweeper looks every minute; twice missed may be chance. */
const silentAfterMs = 3 * 60_000;

/** What each of the three layers does for a grant now, from what the server knows; `sweptAt` as the server told it. */
export function layersOf(grant: Known, sweptAt: string | null, nowMs: number): Layers {
  return {
    database: databaseOf(grant, nowMs),
    timer: timerOf(grant, nowMs),
    sweeper: sweeperOf(sweptAt, nowMs),
  };
}

function databaseOf(grant: Known, nowMs: number): Layers["database"] {
  const { deadManSwitch, databaseEndsAt, endsAt } = grant;
  if (grant.state === "planned" || grant.state === "provisioning") {
    return { says: "waiting", tone: "grey", at: null };
  }
  if (grant.state === "active") {
    if (deadManSwitch === "none") return { says: "none", tone: "amber", at: null };
    if (deadManSwitch === null || databaseEndsAt === null) return { says: "untold", tone: "grey", at: null };
    return switched(deadManSwitch, databaseEndsAt, nowMs);
  }
  if (grant.failure?.loginDenied === false) return { says: "open", tone: "red", at: null };
  if (grant.failure?.loginDenied === true) return { says: "denied", tone: "green", at: null };
  // Only an end that came by itself is the one that the database was told.
  const own = grant.endedBy === "expiry" && endsAt !== null && Date.parse(endsAt) <= nowMs;
  if (own && (deadManSwitch === "login" || deadManSwitch === "drop"))
    return switched(deadManSwitch, endsAt, nowMs);
  return { says: "unseen", tone: grant.failure === null ? "grey" : "amber", at: null };
}

function switched(does: "login" | "drop", at: string, nowMs: number): Layers["database"] {
  const past = Date.parse(at) <= nowMs;
  if (does === "login") return { says: past ? "loginSince" : "login", tone: "green", at };
  return { says: past ? "dropSince" : "drop", tone: "green", at };
}

function timerOf(grant: Known, nowMs: number): Layers["timer"] {
  const begun = grant.state === "planned" || grant.state === "provisioning";
  if (grant.timerSeenAt === null) {
    return begun ? { says: "awaited", tone: "grey", at: null } : { says: "unseen", tone: "amber", at: null };
  }
  if (grant.failure !== null && grant.nextAttemptAt !== null) {
    return { says: "retries", tone: "green", at: grant.nextAttemptAt };
  }
  if (begun) return { says: "starting", tone: "green", at: null };
  if (grant.state !== "active") return { says: "working", tone: "green", at: null };
  const isDue = grant.endsAt !== null && Date.parse(grant.endsAt) <= nowMs;
  return isDue
    ? { says: "due", tone: "green", at: grant.endsAt }
    : { says: "running", tone: "green", at: grant.endsAt };
}

/** The sweeper alone, which is one for all grants. */
export function sweeperOf(sweptAt: string | null, nowMs: number): Layers["sweeper"] {
  if (sweptAt === null) return { says: "never", tone: "amber", at: null };
  return nowMs - Date.parse(sweptAt) > silentAfterMs
    ? { says: "silent", tone: "red", at: sweptAt }
    : { says: "alive", tone: "green", at: sweptAt };
}
