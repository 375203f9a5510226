import { systemClock } from "@daypass/core/kernel/clock.ts";
import type { Actor, Context, Log, Settings } from "@daypass/core/kernel/context.ts";
import { monotonicFactory } from "ulid";
import { tableClient } from "./clients.ts";
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

/** What one invocation brings along. */
export type Invocation = { log: Log; requestId: string; sourceIp?: string | undefined };

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
    as<A extends Actor>(actor: A, { log, requestId, sourceIp }: Invocation): Context & { actor: A } {
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
