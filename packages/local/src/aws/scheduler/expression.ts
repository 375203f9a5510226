import { AwsError } from "../server/aws-error.ts";
import { type Cron, nextOfCron, parseCron } from "./cron.ts";

/** When a schedule invokes its target. Instants are milliseconds. */
export type Expression =
  | { readonly kind: "rate"; readonly periodMs: number }
  | { readonly kind: "at"; readonly instantMs: number }
  | { readonly kind: "cron"; readonly cron: Cron };

const unitsMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Throws ValidationException. */
export function parseExpression(text: string): Expression {
  const rate = /^rate\((?<count>[1-9]\d{0,5}) (?<unit>minute|hour|day)s?\)$/.exec(text)?.groups;
  const unitMs = unitsMs[rate?.unit ?? ""];
  if (rate !== undefined && unitMs !== undefined)
    return { kind: "rate", periodMs: Number(rate.count) * unitMs };
  const at = /^at\((?<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(text)?.groups?.instant;
  const instantMs = at === undefined ? Number.NaN : Date.parse(`${at}Z`);
  if (!Number.isNaN(instantMs)) return { kind: "at", instantMs };
  const cron = /^cron\((?<fields>[^()]{1,200})\)$/.exec(text)?.groups?.fields;
  const parsed = cron === undefined ? undefined : parseCron(cron);
  if (parsed !== undefined) return { kind: "cron", cron: parsed };
  throw new AwsError("ValidationException", `Invalid Schedule Expression ${text}.`);
}

/**
 * The first invocation after an instant, or undefined when there is none left. A rate counts from `anchorMs`, and what
 * it missed meanwhile is left out: it goes on in its old steps.
 */
export function nextAfter(expression: Expression, afterMs: number, anchorMs: number): number | undefined {
  switch (expression.kind) {
    case "rate": {
      const steps = Math.floor((afterMs - anchorMs) / expression.periodMs) + 1;
      return anchorMs + Math.max(1, steps) * expression.periodMs;
    }
    case "at":
      return expression.instantMs > afterMs ? expression.instantMs : undefined;
    case "cron":
      return nextOfCron(expression.cron, afterMs);
  }
}
