import type { Invoker } from "../lambda/invoker.ts";
import { arnOf } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { pageOf } from "../server/page.ts";
import { jsonService, type Service } from "../server/service.ts";
import { parseExpression } from "./expression.ts";
import { groupAndName, type ScheduleRow, scheduleInput } from "./schedule.ts";
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

  function rowAt(group: string, name: string): ScheduleRow {
    const row = times.rows.get(keyOf(group, name));
    if (row !== undefined) return row;
    throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
  }

  const service = jsonService({
    CreateSchedule: jsonOperation(scheduleInput, (given) => {
      check(given);
      const known = times.rows.get(keyOf(given.GroupName, given.Name));
      const isRepeated = given.ClientToken !== undefined && known?.given.ClientToken === given.ClientToken;
      if (known !== undefined && !(isRepeated && JSON.stringify(known.given) === JSON.stringify(given))) {
        throw new AwsError("ConflictException", `Schedule ${given.Name} already exists.`, 409);
      }
      if (known === undefined) times.put({ given, createdMs: clock.now(), modifiedMs: clock.now() });
      return { ScheduleArn: arnOf.schedule(given.GroupName, given.Name) };
    }),

    /** Takes the place of the whole schedule. The same timing keeps its steps, so that an update delays nothing. */
    UpdateSchedule: jsonOperation(scheduleInput, (given) => {
      check(given);
      const known = rowAt(given.GroupName, given.Name);
      const keepNextMs = timingOf(known.given) === timingOf(given) ? known.nextMs : undefined;
      times.put({ given, createdMs: known.createdMs, modifiedMs: clock.now() }, keepNextMs);
      return { ScheduleArn: arnOf.schedule(given.GroupName, given.Name) };
    }),

    GetSchedule: jsonOperation(groupAndName.key, (input) => {
      const row = rowAt(input.groupName, input.Name);
      const { ClientToken: _token, ...shown } = row.given;
      return {
        ...shown,
        Arn: arnOf.schedule(row.given.GroupName, row.given.Name),
        CreationDate: row.createdMs / 1000,
        LastModificationDate: row.modifiedMs / 1000,
      };
    }),

    DeleteSchedule: jsonOperation(groupAndName.key, (input) => {
      rowAt(input.groupName, input.Name);
      times.drop(keyOf(input.groupName, input.Name));
    }),

    ListSchedules: jsonOperation(groupAndName.list, (input) => {
      const found = [...times.rows.entries()]
        .map(([, row]) => row)
        .filter(({ given }) => given.Name.startsWith(input.NamePrefix ?? ""))
        .filter(({ given }) => input.State === undefined || given.State === input.State)
        .filter(({ given }) => input.ScheduleGroup === undefined || given.GroupName === input.ScheduleGroup)
        .sort((a, b) => (a.given.Name < b.given.Name ? -1 : 1));
      const page = pageOf(
        found,
        (row) => row.given.Name,
        input.MaxResults,
        input.NextToken,
        "ValidationException",
      );
      return { Schedules: page.items.map(summary), NextToken: page.next };
    }),
  });
  return { ...service, resume: () => times.resume() };
}

/** Throws ValidationException, or ResourceNotFoundException for a group that is not there. */
function check(given: ScheduleRow["given"]): void {
  parseExpression(given.ScheduleExpression);
  if (given.GroupName !== "default") {
    throw new AwsError("ResourceNotFoundException", `Schedule group ${given.GroupName} does not exist.`, 404);
  }
  const window = given.FlexibleTimeWindow;
  if ((window.Mode === "FLEXIBLE") !== (window.MaximumWindowInMinutes !== undefined)) {
    throw new AwsError(
      "ValidationException",
      "A flexible time window needs its minutes, and no other has them.",
    );
  }
}

function timingOf(given: ScheduleRow["given"]): string {
  return JSON.stringify([given.ScheduleExpression, given.StartDate, given.EndDate, given.State]);
}

function summary({ given, createdMs, modifiedMs }: ScheduleRow) {
  return {
    Arn: arnOf.schedule(given.GroupName, given.Name),
    Name: given.Name,
    GroupName: given.GroupName,
    State: given.State,
    Target: { Arn: given.Target.Arn },
    CreationDate: createdMs / 1000,
    LastModificationDate: modifiedMs / 1000,
  };
}
