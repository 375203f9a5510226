import { randomUUID } from "node:crypto";
import type { Invoker } from "../lambda/invoker.ts";
import { accountId, arnOf, region } from "../server/arn.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal, Table } from "../server/journal.ts";
import { nextAfter, periodOf } from "./expression.ts";
import type { ScheduleRow } from "./schedule.ts";

export interface Timetable {
  /** Keeps the row with its next invocation and waits for that; takes the place of what was under the name. */
  put(row: Omit<ScheduleRow, "nextMs">, keepNextMs?: number): void;
  drop(key: string): void;
  readonly rows: Table<ScheduleRow>;
  /** Waits for all that a former run left; what fell due meanwhile comes once, now. */
  resume(): void;
}

export const keyOf = (name: string): string => `default/${name}`;

export function timetable(journal: Journal, clock: Clock, lambda: Invoker, stop: AbortSignal): Timetable {
  const rows = journal.table<ScheduleRow>("schedule");
  const waiting = new Map<string, AbortController>();
  stop.addEventListener("abort", () => {
    for (const one of waiting.values()) one.abort(stop.reason);
  });

  function disarm(key: string): void {
    waiting.get(key)?.abort(new Error("the schedule has changed"));
    waiting.delete(key);
  }

  function arm(key: string): void {
    disarm(key);
    const stopping = new AbortController();
    waiting.set(key, stopping);
    keepTime(key, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) console.error(`the schedule ${key} has stopped`, error);
    });
  }

  async function keepTime(key: string, signal: AbortSignal): Promise<void> {
    for (let row = rows.get(key); row?.nextMs !== undefined; row = rows.get(key)) {
      const dueMs = row.nextMs;
      await clock.until(dueMs, signal);
      // Accepted before the next one is set: a crash in between invokes twice, never not at all.
      await invoke(row, dueMs);
      signal.throwIfAborted();
      journal.commit(rows.put(key, { ...row, nextMs: following(row, dueMs) }));
    }
  }

  /** A target that cannot be invoked is reported, and the schedule goes on. */
  async function invoke(row: ScheduleRow, dueMs: number): Promise<void> {
    const { Target: target, Name } = row.given;
    try {
      await lambda.invokeLater(target.Arn, payloadOf(row, dueMs));
    } catch (error) {
      console.error(`the schedule ${Name} could not invoke ${target.Arn}`, error);
    }
  }

  function following(row: ScheduleRow, anchorMs: number): number | undefined {
    const { State, ScheduleExpression } = row.given;
    if (State === "DISABLED") return undefined;
    return nextAfter(periodOf(ScheduleExpression), clock.now(), anchorMs);
  }

  return {
    rows,
    put(row, keepNextMs) {
      const key = keyOf(row.given.Name);
      const nextMs = keepNextMs ?? following(row, row.modifiedMs);
      journal.commit(rows.put(key, { ...row, nextMs }));
      arm(key);
    },
    drop(key) {
      disarm(key);
      journal.commit(rows.drop(key));
    },
    resume() {
      for (const [key] of rows.entries()) if (!waiting.has(key)) arm(key);
    },
  };
}

/** The Input, or Scheduler's own event. */
function payloadOf(row: ScheduleRow, dueMs: number): string {
  const arn = arnOf.schedule("default", row.given.Name);
  const time = `${new Date(dueMs).toISOString().slice(0, 19)}Z`;
  const id = randomUUID();
  const { Input: input } = row.given.Target;
  if (input === undefined) {
    return JSON.stringify({
      version: "0",
      id,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: accountId,
      time,
      region,
      resources: [arn],
      detail: "{}",
    });
  }
  return input;
}
