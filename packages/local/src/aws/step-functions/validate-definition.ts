import aslValidator from "asl-validator";
import type { Definition, State } from "./definition.ts";

/**
 * What the language itself finds wrong, or undefined. The validator takes every `Next`, `Default`, `StartAt` and
 * `States` anywhere for its own, so states of such names, and such members of payloads, are renamed for its eyes.
 */
export function faultOf(definition: Definition): string | undefined {
  const copy = renamed(definition);
  const { isValid, errorsText } = aslValidator(structuredClone(copy));
  return isValid ? undefined : errorsText("; ").replaceAll(mark, "");
}

const mark = "\u2063";
const marked = (name: string): string => `${mark}${name}`;
const reserved = ["StartAt", "Next", "Default", "States"];

function renamed(definition: Definition): Definition {
  if (typeof definition.States !== "object" || typeof definition.StartAt !== "string") return definition;
  const states = Object.entries(definition.States).map(([name, state]) => [
    marked(name),
    renamedState(state),
  ]);
  return {
    ...definition,
    StartAt: marked(definition.StartAt),
    States: Object.fromEntries(states) as Definition["States"],
  };
}

function renamedState(state: State): State {
  if (typeof state !== "object" || state === null) return state;
  const fields = Object.entries(state).map(([field, value]: [string, unknown]) => {
    if (field === "Parameters") return [field, renamedKeys(value)];
    if ((field === "Next" || field === "Default") && typeof value === "string") return [field, marked(value)];
    if ((field === "Choices" || field === "Catch") && Array.isArray(value))
      return [field, value.map(renamedNext)];
    return [field, value];
  });
  return Object.fromEntries(fields) as unknown as State;
}

function renamedNext(rule: unknown): unknown {
  const isRule = typeof rule === "object" && rule !== null && "Next" in rule && typeof rule.Next === "string";
  return isRule ? { ...rule, Next: marked(rule.Next as string) } : rule;
}

function renamedKeys(payload: unknown): unknown {
  if (Array.isArray(payload)) return payload.map(renamedKeys);
  if (typeof payload !== "object" || payload === null) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]: [string, unknown]) => [
      reserved.includes(key.replace(/\.\$$/, "")) ? marked(key) : key,
      renamedKeys(value),
    ]),
  );
}
