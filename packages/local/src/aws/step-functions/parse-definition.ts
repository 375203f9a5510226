import { AwsError } from "../server/aws-error.ts";
import { type Definition, isFunctionArn, type State } from "./definition.ts";
import { addition } from "./evaluate.ts";
import { faultOf } from "./validate-definition.ts";

/**
 * Checks a definition. Throws InvalidDefinition for what AWS would refuse, and for what this machine cannot run as AWS
 * does: a definition that behaves differently after it is deployed is worse than none.
 */
export function parseDefinition(text: string): Definition {
  let definition: Definition;
  try {
    definition = JSON.parse(text) as Definition;
  } catch {
    throw invalid("the definition is not JSON");
  }
  if (typeof definition !== "object" || definition === null) throw invalid("the definition is not an object");
  const fault = faultOf(definition);
  if (fault !== undefined) throw invalid(fault);
  refuseFields(definition, "the state machine", [
    "QueryLanguage:JSONPath",
    "StartAt",
    "States",
    "Comment",
    "Version",
    "TimeoutSeconds",
  ]);
  for (const [name, state] of Object.entries(definition.States)) refuseState(name, state);
  return definition;
}

const flow = ["Type", "Comment", "QueryLanguage:JSONPath"];
const step = [...flow, "Next", "End"];

/** What each type of state may carry here. `Field:value` allows that value alone. */
const fieldsOf: Record<State["Type"], readonly string[]> = {
  Task: [...step, "Parameters", "ResultPath", "Retry", "Catch", "Resource", "TimeoutSeconds"],
  Pass: [...step, "Parameters", "ResultPath"],
  Wait: [...step, "Seconds", "TimestampPath"],
  Choice: [...flow, "Choices", "Default"],
  Succeed: flow,
  Fail: [...flow, "Error", "Cause"],
};
const operators = [
  "Variable",
  "Next",
  "IsPresent",
  "IsTimestamp",
  "StringEquals",
  "NumericGreaterThanEquals",
];

function refuseState(name: string, state: State): void {
  if (name.length > 80) throw invalid(`the state name ${name} is longer than 80 characters`);
  const fields = Object.hasOwn(fieldsOf, state.Type) ? fieldsOf[state.Type] : undefined;
  if (fields === undefined) throw unsupported(name, `the type ${state.Type}`);
  refuseFields(state, name, fields);
  if (state.Type === "Task" && !isFunctionArn(state.Resource ?? "")) {
    throw unsupported(name, `the resource ${state.Resource}`);
  }
  for (const rule of (state.Choices ?? []).flatMap((one) => one.And ?? one))
    refuseFields(rule, name, operators);
  refuseExpressions(state);
}

/** Every path is `$` or names behind it; every other expression is an addition. */
function refuseExpressions(value: unknown, key = ""): void {
  if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) refuseExpressions(inner, name);
    return;
  }
  if (typeof value !== "string") return;
  const isExpression = key.endsWith(".$");
  if (!isExpression && !key.endsWith("Path") && key !== "Variable") return;
  const path = isExpression ? (addition.exec(value)?.[1] ?? value) : value;
  if (!/^\$(\.[A-Za-z_][A-Za-z0-9_-]*)*$/.test(path)) throw unsupported(key, `the expression ${value}`);
}

function refuseFields(object: object, where: string, allowed: readonly string[]): void {
  for (const [field, value] of Object.entries(object)) {
    if (allowed.includes(field) || allowed.includes(`${field}:${String(value)}`)) continue;
    throw unsupported(where, `the field ${field}${typeof value === "string" ? ` (${value})` : ""}`);
  }
}

function unsupported(where: string, what: string): AwsError {
  return invalid(`${where}: ${what} is not supported on one machine`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${message}'`);
}
