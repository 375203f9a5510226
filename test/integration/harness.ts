import { actorFor } from "@daypass/core/identity/authenticate.ts";
import { creatingUser } from "@daypass/core/identity/user.store.ts";
import { firstSeen, type User } from "@daypass/core/identity/user.ts";
import { type Clock, epochMs, type Instant, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Actor, Context, Settings, UserActor } from "@daypass/core/kernel/context.ts";
import { events } from "@daypass/core/kernel/event.store.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import { type Ids, newId } from "@daypass/core/kernel/ids.ts";
import { tokenScopes } from "@daypass/core/kernel/permission.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import type { LendingContext } from "@daypass/core/request/privileges.port.ts";
import { lendingProblem } from "@daypass/functions/control-plane/privileges.ts";
import { createTable, type InProcessTable } from "./in-process-table.ts";
import { createClock, createIds, type MovableClock } from "./movable-clock.ts";

/** What the ports were asked to start, in order. */
type Started = { name: string; id: string };
export type WorldContext = LendingContext & {
  timers: { start(grant: { id: string }, executionName: string): Promise<void> };
  workflows: {
    startInspection(instance: { id: string }, executionName: string): Promise<void>;
    startReconciliation(instance: { id: string }, executionName: string): Promise<void>;
  };
  /** As of a function that began this moment. */
  limits: { connectionsPerInstance: number; endsAt: Instant };
};

const cast = {
  engineer: { name: "Erin Vale", groups: ["engineers"] },
  analyst: { name: "Nils Okoro", groups: ["analysts"] },
  lead: { name: "Tomoko Lind", groups: ["engineers", "leads"] },
  administrator: { name: "Priya Castell", groups: ["administrators"] },
  auditor: { name: "Oscar Brandt", groups: ["auditors"] },
  suspended: { name: "Jonas Wren", groups: ["engineers"] },
} as const;
export type Person = keyof typeof cast;

type Table = Context["table"] & { close(): Promise<void> };
export type World<C extends Clock = MovableClock, T extends Table = InProcessTable> = {
  clock: C;
  ids: Ids;
  table: T;
  people: Record<Person, User>;
  actor(person: Person): UserActor;
  /** A person's context as signed in at the page, or that of any other actor. */
  ctx(who: Person | Actor): WorldContext;
  timers: Started[];
  inspections: Started[];
  reconciliations: Started[];
  /** The audit trail, oldest first. */
  events(): Promise<AuditEvent[]>;
  /** Runs something and returns only the events that it left, with its error when it failed. */
  watch(run: () => Promise<unknown>): Promise<{ error: unknown; events: AuditEvent[] }>;
  close(): Promise<void>;
};

export const settings: Settings = {
  stack: "test",
  origin: "https://daypass.example.com",
  roleGroups: { administrator: ["administrators"], auditor: ["auditors"] },
  session: { idleMinutes: 480, absoluteMinutes: 1440 },
  request: { openLimit: 5, lapseMinutes: 7 * 1440 },
};

/** An installation with its people and nothing else, in memory, at a moment that only moves when told to. */
export function createWorld(): Promise<World> {
  return createWorldAt(createClock());
}

/** The same by a clock of one's own. */
export function createWorldAt<C extends Clock>(clock: C): Promise<World<C>> {
  return createWorldIn(clock, createTable);
}

/** And in a table of one's own. */
export async function createWorldIn<C extends Clock, T extends Table>(
  clock: C,
  make: (nowMs: () => number) => Promise<T>,
): Promise<World<C, T>> {
  const ids = createIds(clock);
  const table = await make(() => epochMs(clock.now()));
  const timers: Started[] = [];
  const inspections: Started[] = [];
  const reconciliations: Started[] = [];
  const people = await settle({ table, clock }, ids);
  const actor = (person: Person) =>
    actorFor({ settings }, people[person], tokenScopes, { kind: "session", idHash: `session of ${person}` });
  const ctx = (who: Person | Actor): WorldContext => ({
    actor: typeof who === "string" ? actor(who) : who,
    clock,
    ids,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    requestId: "request-of-the-test",
    sourceIp: "192.0.2.7",
    table,
    settings,
    lendingProblem,
    limits: { connectionsPerInstance: 8, endsAt: plusMs(clock.now(), 110_000) },
    timers: {
      async start({ id }, name) {
        timers.push({ id, name });
      },
    },
    workflows: {
      async startInspection({ id }, name) {
        inspections.push({ id, name });
      },
      async startReconciliation({ id }, name) {
        reconciliations.push({ id, name });
      },
    },
  });
  const listEvents = async () => {
    const { data } = await events({ table }).query.byTime({ all: "all" }).go({ pages: "all" });
    return data.map((row) => row.event as AuditEvent);
  };
  return {
    clock,
    ids,
    table,
    people,
    actor,
    ctx,
    timers,
    inspections,
    reconciliations,
    events: listEvents,
    async watch(run) {
      const before = new Set((await listEvents()).map((event) => event.id));
      const error = await run().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return { error, events: (await listEvents()).filter((event) => !before.has(event.id)) };
    },
    close: () => table.close(),
  };
}

async function settle(ctx: Pick<Context, "table" | "clock">, ids: Ids): Promise<Record<Person, User>> {
  const entries = Object.entries(cast).map(([person, { name, groups }]) => {
    const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
    const profile = { issuer: "https://id.example.com", subject: person, name, email, groups: [...groups] };
    const user = firstSeen(newId("user", ids), profile, ctx.clock.now());
    return [person, person === "suspended" ? { ...user, suspendedAt: ctx.clock.now() } : user] as const;
  });
  await commitAll(
    ctx,
    entries.flatMap(([, user]) => creatingUser(ctx, user)),
  );
  return Object.fromEntries(entries) as Record<Person, User>;
}
