/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

/** What nearly every function reads; see packages/functions/src/environment.ts. */
export function baseEnvironment(stage: Stage, table: aws.dynamodb.Table) {
  const { signIn, limits } = stage.settings;
  return {
    DAYPASS_TABLE: table.name,
    DAYPASS_STACK: stage.name,
    DAYPASS_ORIGIN: stage.origin,
    DAYPASS_ADMINISTRATOR_GROUPS: signIn.administratorGroups.join(","),
    DAYPASS_AUDITOR_GROUPS: signIn.auditorGroups.join(","),
    ...numbers({
      DAYPASS_SESSION_IDLE_MINUTES: limits.sessionIdleMinutes,
      DAYPASS_SESSION_ABSOLUTE_MINUTES: limits.sessionAbsoluteMinutes,
      DAYPASS_OPEN_REQUEST_LIMIT: limits.openRequestLimit,
      DAYPASS_REQUEST_LAPSE_MINUTES: limits.requestLapseMinutes,
    }),
  };
}

/** What is not set is left out: the application knows its own defaults. */
export function numbers(values: Record<string, number | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
