import type { ChoiceRule, Json, State } from "./definition.ts";
import { StateFailure } from "./state-failure.ts";

/** The value at `$` or `$.name.name`; undefined when there is none. `parseDefinition` refuses every other path. */
export function atPath(path: string, data: Json): Json | undefined {
  let value: Json | undefined = data;
  for (const name of namesOf(path))
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** A payload template filled in: members whose names end in `.$` are paths or additions. */
export function fromTemplate(template: Json, input: Json): Json {
  if (isArray(template)) return template.map((one) => fromTemplate(one, input));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith(".$") && typeof value === "string"
        ? [name.slice(0, -2), expressionIn(value, input)]
        : [name, fromTemplate(value, input)],
    ),
  );
}

/** `States.MathAdd(<path>, <whole number>)`, the one intrinsic function that our definitions use. */
export const addition = /^States\.MathAdd\((\$[^,\s]*), (-?\d+)\)$/;

function expressionIn(text: string, input: Json): Json {
  const [, path, summand] = addition.exec(text) ?? [];
  const value = atPath(path ?? text, input);
  if (path === undefined) {
    if (value !== undefined) return value;
    throw new StateFailure("States.ParameterPathFailure", `The path ${text} is not in the input.`);
  }
  if (typeof value === "number") return Math.round(value) + Number(summand);
  throw new StateFailure("States.IntrinsicFailure", `${text}: ${path} is not a number.`);
}

/** The result put at the ResultPath of the raw input: none takes its place, null leaves the input as it was. */
export function outputOf({ ResultPath: path }: Pick<State, "ResultPath">, raw: Json, result: Json): Json {
  if (path === null) return raw;
  return placed(raw, namesOf(path ?? "$"), result);
}

function placed(data: Json, names: readonly string[], value: Json): Json {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  if (isObject(data)) return { ...data, [name]: placed(data[name] ?? {}, rest, value) };
  throw new StateFailure("States.ResultPathMatchFailure", `There is no place for ${name} in the input.`);
}

/** The name of the state that a Choice goes to; fails with States.NoChoiceMatched. */
export function choiceOf(state: State, input: Json): string {
  const name = state.Choices?.find((rule) => isTrue(rule, input))?.Next ?? state.Default;
  if (name !== undefined) return name;
  throw new StateFailure("States.NoChoiceMatched", "No rule matches, and there is no default.");
}

/** A value of another type than the operator's makes a comparison false; one that is missing ends the execution. */
function isTrue(rule: ChoiceRule, input: Json): boolean {
  if (rule.And !== undefined) return rule.And.every((one) => isTrue(one, input));
  const value = atPath(rule.Variable ?? "$", input);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  if (value === undefined) {
    throw new StateFailure("States.Runtime", `Invalid path '${rule.Variable}': there is no such value.`);
  }
  if (rule.IsTimestamp !== undefined) return isTimestamp(value) === rule.IsTimestamp;
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  return typeof value === "number" && value >= (rule.NumericGreaterThanEquals ?? Number.NaN);
}

/** As in RFC 3339, with an upper-case T and Z. */
export function isTimestamp(value: Json | undefined): value is string {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function namesOf(path: string): string[] {
  return path.split(".").slice(1);
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !isArray(value);
}
