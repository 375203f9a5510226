import { ExecutionError, StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { ChoiceRule, Json, State } from "./definition.ts";
import { isReference } from "./parse-definition.ts";
import { StateFailure } from "./state-failure.ts";

/** The context object that `$$` reads: Execution, StateMachine, State and, within a Map, Map. */
export type ContextObject = { readonly Execution: Json; readonly [name: string]: Json };

/**
 * The library evaluates one state's paths, templates, intrinsic functions and comparisons; it is asked with a machine
 * of one state. Time, transitions, Retry and Catch are not its part: it keeps them in memory only, has no way to begin
 * in the middle, and lets a Wait beyond 24.8 days fire at once.
 */
async function evaluate(
  state: object,
  input: Json,
  context: ContextObject,
  more: { targets?: Record<string, object>; result?: Json } = {},
): Promise<Json> {
  const { Execution, ...others } = context;
  const definition = { StartAt: "Only", States: { Only: withOwnContext(state), ...more.targets } };
  const machine = new StateMachine(definition as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  try {
    const execution = machine.run(input as Parameters<StateMachine["run"]>[0], {
      context: { ...others, Run: Execution },
      overrides: {
        taskResourceLocalHandlers: {
          Only: () => (more.result ?? null) as Parameters<StateMachine["run"]>[0],
        },
      },
    });
    return (await execution.result) as Json;
  } catch (error) {
    const cause = error instanceof ExecutionError ? error.cause : error;
    const name = cause instanceof Error && cause.name.startsWith("States.") ? cause.name : "States.Runtime";
    throw new StateFailure(name, cause instanceof Error ? cause.message : String(cause));
  }
}

/** The library puts its own start time and input at `$$.Execution`; ours are read from `$$.Run`. */
function withOwnContext<T>(value: T, key = ""): T {
  if (Array.isArray(value)) return value.map((one: unknown) => withOwnContext(one, key)) as T;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, withOwnContext(inner as unknown, name)]),
    ) as T;
  }
  if (typeof value !== "string" || !isReference(key)) return value;
  return value.replaceAll(/\$\$\.Execution\b/g, "$$$$.Run") as T;
}

/** A whole-document path selects everything; the library would look for it in values that are not objects. */
function paths(state: State, ...names: ("InputPath" | "OutputPath" | "ResultPath")[]): object {
  return Object.fromEntries(
    names
      .filter((name) => state[name] !== undefined && state[name] !== "$")
      .map((name) => [name, state[name]]),
  );
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

/** The effective input: InputPath, then Parameters (which of a Map make its items, not its input). */
export async function inputOf(state: State, raw: Json, context: ContextObject): Promise<Json> {
  const path = paths(state, "InputPath");
  const selected = isEmpty(path) ? raw : await evaluate({ Type: "Pass", ...path, End: true }, raw, context);
  if (state.Parameters === undefined || state.Type === "Map") return selected;
  return await fromTemplate(state.Parameters, selected, context);
}

/** A payload template filled in. */
export async function fromTemplate(template: Json, input: Json, context: ContextObject): Promise<Json> {
  return await evaluate({ Type: "Pass", Parameters: template, End: true }, input, context);
}

/** The value at a path. */
export async function atPath(path: string, input: Json, context: ContextObject): Promise<Json> {
  if (path === "$") return input;
  return await evaluate({ Type: "Pass", InputPath: path, End: true }, input, context);
}

/** The state's output: ResultSelector on the result, ResultPath into the raw input, OutputPath. */
export async function outputOf(state: State, raw: Json, result: Json, context: ContextObject): Promise<Json> {
  const selector = state.ResultSelector === undefined ? {} : { ResultSelector: state.ResultSelector };
  const fields = { ...selector, ...paths(state, "ResultPath", "OutputPath") };
  if (isEmpty(fields)) return result;
  return await evaluate({ Type: "Task", Resource: "given", ...fields, End: true }, raw, context, { result });
}

/** Of Wait, Choice and Succeed, which have no result of their own. */
export async function passedOn(state: State, input: Json, context: ContextObject): Promise<Json> {
  const path = paths(state, "OutputPath");
  return isEmpty(path) ? input : await evaluate({ Type: "Pass", ...path, End: true }, input, context);
}

/** The name of the state that a Choice goes to; fails with States.NoChoiceMatched. */
export async function choiceOf(state: State, input: Json, context: ContextObject): Promise<string> {
  const rules = state.Choices ?? [];
  const names = [...rules.map((rule) => rule.Next), state.Default];
  const targets: Record<string, object> = {};
  for (const [index, name] of names.entries()) {
    if (name !== undefined) targets[`to ${index}`] = { Type: "Pass", Result: { name }, End: true };
  }
  const choice = {
    Type: "Choice",
    Choices: rules.map((rule, index) => ({ ...guarded(rule), Next: `to ${index}` })),
    ...(state.Default === undefined ? {} : { Default: `to ${rules.length}` }),
  };
  const chosen = (await evaluate(choice, input, context, { targets })) as { name: string };
  return chosen.name;
}

/**
 * AWS lets a comparison with a value of another type be false, where the library would compare as JavaScript does, and
 * knows `IsPresent: false` and its like, which the library never finds true.
 */
function guarded(rule: ChoiceRule): ChoiceRule {
  if (rule.And !== undefined) return { ...rule, And: rule.And.map(guarded) };
  if (rule.Or !== undefined) return { ...rule, Or: rule.Or.map(guarded) };
  if (rule.Not !== undefined) return { ...rule, Not: guarded(rule.Not) };
  const { Next: _next, ...test } = rule;
  const negated = Object.entries(test).find(([name, value]) => name.startsWith("Is") && value === false)?.[0];
  if (negated !== undefined) return { Not: { Variable: rule.Variable ?? "$", [negated]: true } };
  const operator = Object.keys(test).find((name) => /^(String|Numeric|Timestamp)/.test(name));
  const type = operator === undefined ? undefined : /^(String|Numeric|Timestamp)/.exec(operator)?.[1];
  if (type === undefined) return test;
  return { And: [{ Variable: rule.Variable ?? "$", [`Is${type}`]: true }, test] };
}
