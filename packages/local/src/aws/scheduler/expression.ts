import { AwsError } from "../server/aws-error.ts";

const unitsMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The period of `rate(5 minutes)`, in milliseconds: the one kind of schedule that Daypass has.
 * @throws AwsError ValidationException. */
export function periodOf(expression: string): number {
  const rate = /^rate\((?<count>[1-9]\d{0,5}) (?<unit>minute|hour|day)s?\)$/.exec(expression)?.groups;
  const unitMs = unitsMs[rate?.unit ?? ""];
  if (rate !== undefined && unitMs !== undefined) return Number(rate.count) * unitMs;
  throw new AwsError("ValidationException", `Invalid Schedule Expression ${expression}.`);
}

/** The first invocation after an instant. What was missed meanwhile is left out: the rate goes on in its old steps. */
export function nextAfter(periodMs: number, afterMs: number, anchorMs: number): number {
  const steps = Math.floor((afterMs - anchorMs) / periodMs) + 1;
  return anchorMs + Math.max(1, steps) * periodMs;
}
