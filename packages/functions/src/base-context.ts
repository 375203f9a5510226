import { type Instant, systemClock } from "@daypass/core/kernel/clock.ts";
import type { Actor, Context, Log, Settings } from "@daypass/core/kernel/context.ts";
import { monotonicFactory } from "ulid";
import { tableClient } from "./clients/table.ts";
import type { Environment } from "./environment.ts";

/** What every function reads from its environment. */
export const baseVariables = [
  "region",
  "table",
  "stack",
  "origin",
  "administratorGroups",
  "auditorGroups",
  "sessionIdleMinutes",
  "sessionAbsoluteMinutes",
  "openRequestLimit",
  "requestLapseMinutes",
] as const satisfies readonly (keyof Environment)[];
export type BaseEnvironment = Pick<Environment, (typeof baseVariables)[number]>;

/** What one call brings along. */
export type Call = { log: Log; requestId: string; sourceIp?: string | undefined };
/** What one invocation of a function brings along; at `endsAt` it is stopped, whatever it does then. */
export type Invocation = Call & { endsAt: Instant };

/** The part of the context that all operations share; made once per cold start, completed for each invocation. */
export function baseContext(environment: BaseEnvironment) {
  const table = { client: tableClient(environment.region), name: environment.table };
  const settings = settingsOf(environment);
  // Events of one story are sorted by their ids: those made in one millisecond must not change places.
  const ulid = monotonicFactory();
  const ids = { ulid: () => ulid() };
  return {
    table,
    settings,
    as<A extends Actor>(actor: A, { log, requestId, sourceIp }: Call): Context & { actor: A } {
      return { actor, clock: systemClock, ids, log, requestId, sourceIp, table, settings };
    },
  };
}

function settingsOf(environment: BaseEnvironment): Settings {
  return {
    stack: environment.stack,
    origin: environment.origin,
    roleGroups: { administrator: environment.administratorGroups, auditor: environment.auditorGroups },
    session: {
      idleMinutes: environment.sessionIdleMinutes,
      absoluteMinutes: environment.sessionAbsoluteMinutes,
    },
    request: { openLimit: environment.openRequestLimit, lapseMinutes: environment.requestLapseMinutes },
  };
}
