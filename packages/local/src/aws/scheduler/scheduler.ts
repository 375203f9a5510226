import type { Invoker } from "../lambda/invoker.ts";
import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { jsonService, type Service } from "../server/service.ts";
import { periodOf } from "./expression.ts";
import { type ScheduleRow, scheduleInput, scheduleName } from "./schedule.ts";
import { keyOf, timetable } from "./timetable.ts";

export interface Scheduler extends Service {
  resume(): void;
}

/** EventBridge Scheduler, with functions as targets. */
export function scheduler(parts: {
  journal: Journal;
  clock: Clock;
  lambda: Invoker;
  stop: AbortSignal;
}): Scheduler {
  const { clock } = parts;
  const times = timetable(parts.journal, clock, parts.lambda, parts.stop);

  function rowAt(name: string): ScheduleRow {
    const row = times.rows.get(keyOf(name));
    if (row !== undefined) return row;
    throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
  }

  const service = jsonService({
    CreateSchedule: jsonOperation(scheduleInput, (given) => {
      periodOf(given.ScheduleExpression);
      const known = times.rows.get(keyOf(given.Name));
      const isRepeated = given.ClientToken !== undefined && known?.given.ClientToken === given.ClientToken;
      if (known !== undefined && !(isRepeated && JSON.stringify(known.given) === JSON.stringify(given))) {
        throw new AwsError("ConflictException", `Schedule ${given.Name} already exists.`, 409);
      }
      if (known === undefined) times.put({ given, modifiedMs: clock.now() });
      return { ScheduleArn: arnOf.schedule("default", given.Name) };
    }),

    /** Takes the place of the whole schedule. The same timing keeps its steps, so that an update delays nothing. */
    UpdateSchedule: jsonOperation(scheduleInput, (given) => {
      periodOf(given.ScheduleExpression);
      const known = rowAt(given.Name);
      const isSameTiming =
        known.given.ScheduleExpression === given.ScheduleExpression && known.given.State === given.State;
      times.put({ given, modifiedMs: clock.now() }, isSameTiming ? known.nextMs : undefined);
      return { ScheduleArn: arnOf.schedule("default", given.Name) };
    }),

    DeleteSchedule: jsonOperation(scheduleName, ({ Name }) => {
      rowAt(Name);
      times.drop(keyOf(Name));
    }),
  });
  return { ...service, resume: () => times.resume() };
}
