import { AwsError } from "../server/aws-error.ts";
import { type Definition, isFunctionArn, lambdaInvoke, type State, type StatesBlock } from "./definition.ts";
import { faultOf } from "./validate-definition.ts";

/**
 * Checks a definition. Throws InvalidDefinition for what AWS would refuse, and for what this machine would run
 * otherwise than AWS does: better no state machine than one that behaves differently after it is deployed.
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
  refuseFields(definition, "the state machine", ["QueryLanguage:JSONPath", ...machineFields]);
  refuseBlock(definition);
  refuseReferences(definition);
  return definition;
}

const machineFields = ["StartAt", "States", "Comment", "Version", "TimeoutSeconds"];
const flow = ["Type", "Comment", "QueryLanguage:JSONPath", "InputPath", "OutputPath"];
const transition = ["Next", "End"];
const result = ["Parameters", "ResultSelector", "ResultPath", "Retry", "Catch"];

/** What each type of state may carry here. `Field:value` allows that value alone. */
const fieldsOf: Record<State["Type"], readonly string[]> = {
  Task: [...flow, ...transition, ...result, "Resource", "TimeoutSeconds", "TimeoutSecondsPath"],
  Parallel: [...flow, ...transition, ...result, "Branches"],
  Map: [
    ...flow,
    ...transition,
    ...result,
    "ItemProcessor",
    "Iterator",
    "ItemsPath",
    "ItemSelector",
    "MaxConcurrency",
    "MaxConcurrencyPath",
  ],
  Pass: [...flow, ...transition, "Parameters", "Result", "ResultPath"],
  Wait: [...flow, ...transition, "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
  Choice: [...flow, "Choices", "Default"],
  Succeed: flow,
  Fail: ["Type", "Comment", "QueryLanguage:JSONPath", "Error", "ErrorPath", "Cause", "CausePath"],
};

function refuseBlock(block: StatesBlock): void {
  for (const [name, state] of Object.entries(block.States)) {
    if (name.length > 80) throw invalid(`the state name ${name} is longer than 80 characters`);
    refuseFields(state, name, fieldsOf[state.Type]);
    if (state.Type === "Task") refuseTask(name, state);
    for (const path of [state.ResultPath, ...(state.Catch ?? []).map((one) => one.ResultPath)]) {
      if (typeof path === "string" && !/^\$(\.[A-Za-z_][A-Za-z0-9_-]*)*$/.test(path)) {
        throw unsupported(name, `the ResultPath ${path}`);
      }
    }
    for (const path of [state.ErrorPath, state.CausePath]) {
      if (path?.startsWith("States."))
        throw unsupported(name, "an intrinsic function in ErrorPath or CausePath");
    }
    const inner = state.ItemProcessor ?? state.Iterator;
    for (const branch of [...(state.Branches ?? []), ...(inner === undefined ? [] : [inner])]) {
      refuseFields(branch, name, ["QueryLanguage:JSONPath", "ProcessorConfig", ...machineFields]);
      const { ProcessorConfig: config } = branch as { ProcessorConfig?: { Mode?: string } };
      if (config?.Mode !== undefined && config.Mode !== "INLINE")
        throw unsupported(name, "a distributed Map");
      refuseBlock(branch);
    }
  }
}

function refuseTask(name: string, state: State): void {
  const resource = state.Resource ?? "";
  if (resource !== lambdaInvoke && !isFunctionArn(resource))
    throw unsupported(name, `the resource ${resource}`);
  if (resource === lambdaInvoke) {
    const parameters = state.Parameters;
    if (typeof parameters !== "object" || parameters === null)
      throw unsupported(name, "a Task without Parameters");
    refuseFields(parameters, `the Parameters of ${name}`, [
      "FunctionName",
      "FunctionName.$",
      "Payload",
      "Payload.$",
      "InvocationType",
    ]);
  }
}

/** Variables, task tokens and the whole context object have no meaning here. */
function refuseReferences(value: unknown, key = ""): void {
  if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) refuseReferences(inner, name);
    return;
  }
  if (typeof value !== "string" || !isReference(key)) return;
  if (/\$\$\.Task\b/.test(value)) throw unsupported(key, "a task token");
  if (/\$\$(?!\.[A-Za-z])/.test(value)) throw unsupported(key, "the context object as a whole");
  if (/(^|[(,\s])\$[A-Za-z_]/.test(value)) throw unsupported(key, "a variable");
}

/** Fields whose text is a path or an intrinsic function. */
export function isReference(key: string): boolean {
  return key.endsWith(".$") || key.endsWith("Path") || key === "Variable";
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
