import type { Messages } from "../../app/messages/messages.ts";
import { isObject, valueAt } from "./policy-value.ts";

export type IssueKey = keyof Messages["policies"]["issue"];
/** `path` is dotted ("approval.0.count"); `values` go into the sentence. */
export type PolicyIssue = { path: string; key: IssueKey; values?: Record<string, string | number> };

const levels = ["read", "write", "ddl"];
const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const longestMinutes = 43_200;
const wallTime = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const label = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}=/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What the server would refuse, as far as the page can tell while somebody is writing. The server has the last word. */
export function checkPolicy(policy: unknown): PolicyIssue[] {
  if (!isObject(policy)) return [{ path: "", key: "notObject" }];
  const isDeny = policy["effect"] === "deny";
  return [
    ...unknownFields(policy, "", [
      "name",
      "description",
      "enabled",
      "effect",
      "who",
      "on",
      "may",
      "for",
      ...(isDeny ? [] : ["approval"]),
    ]),
    ...line(policy["name"], "name", 100),
    ...(policy["effect"] === "allow" || isDeny ? [] : [{ path: "effect", key: "effect" } as const]),
    ...who(policy["who"]),
    ...targets(policy["on"]),
    ...(isDeny ? taken(policy["may"]) : given(policy["may"])),
    ...(isDeny ? hours(valueAt(policy, ["for", "hours"])) : limits(policy["for"])),
    ...(isDeny ? [] : approval(policy["approval"])),
  ];
}

function who(value: unknown): PolicyIssue[] {
  if (!isObject(value)) return [{ path: "who", key: "missing" }];
  const named = [...list(value["users"]), ...list(value["groups"])];
  return [
    ...unknownFields(value, "who", ["everyone", "users", "groups"]),
    ...((value["everyone"] === true) === named.length > 0 ? [{ path: "who", key: "who" } as const] : []),
  ];
}

function targets(value: unknown): PolicyIssue[] {
  if (!isObject(value)) return [{ path: "on", key: "missing" }];
  const narrowing = ["environments", "instances", "databases", "labels"];
  return [
    ...unknownFields(value, "on", [...narrowing, "protected"]),
    ...narrowing
      .filter((name) => value[name] !== undefined)
      .flatMap((name) => someTexts(value[name], `on.${name}`)),
    ...list(value["labels"]).flatMap((pair, index): PolicyIssue[] =>
      typeof pair === "string" && label.test(pair) ? [] : [{ path: `on.labels.${index}`, key: "label" }],
    ),
  ];
}

function given(value: unknown): PolicyIssue[] {
  if (!isObject(value)) return [{ path: "may", key: "missing" }];
  const breakGlass = value["breakGlass"];
  return [
    ...unknownFields(value, "may", ["levels", "unmask", "export", "breakGlass"]),
    ...someLevels(value["levels"]),
    ...(breakGlass === undefined
      ? []
      : minutes(valueAt(breakGlass, ["maxDurationMinutes"]), "may.breakGlass.maxDurationMinutes")),
  ];
}

function taken(value: unknown): PolicyIssue[] {
  if (!isObject(value)) return [{ path: "may", key: "missing" }];
  const names = ["levels", "unmask", "export", "breakGlass"];
  return [
    ...unknownFields(value, "may", names),
    ...(names.some((name) => value[name] !== undefined)
      ? []
      : [{ path: "may", key: "takesNothing" } as const]),
    ...(value["levels"] === undefined ? [] : someLevels(value["levels"])),
  ];
}

function limits(value: unknown): PolicyIssue[] {
  if (!isObject(value)) return [{ path: "for", key: "missing" }];
  const { maxDurationMinutes: most, maxTotalMinutes: total } = value;
  const isShorter = typeof most === "number" && typeof total === "number" && total < most;
  return [
    ...unknownFields(value, "for", ["maxDurationMinutes", "maxTotalMinutes", "hours"]),
    ...minutes(most, "for.maxDurationMinutes"),
    ...(total === undefined ? [] : minutes(total, "for.maxTotalMinutes")),
    ...(isShorter ? [{ path: "for.maxTotalMinutes", key: "totalShorter" } as const] : []),
    ...hours(value["hours"]),
  ];
}

function hours(value: unknown): PolicyIssue[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [{ path: "for.hours", key: "missing" }];
  const { from, to } = value;
  const days = list(value["weekdays"]);
  const at = (name: string) => `for.hours.${name}`;
  return [
    ...unknownFields(value, "for.hours", ["timeZone", "weekdays", "from", "to"]),
    ...(isTimeZone(value["timeZone"]) ? [] : [{ path: at("timeZone"), key: "timeZone" } as const]),
    ...(days.length > 0 && days.every((day) => weekdays.includes(String(day)))
      ? []
      : [{ path: at("weekdays"), key: "weekdays" } as const]),
    ...(isWallTime(from) ? [] : [{ path: at("from"), key: "time" } as const]),
    ...(isWallTime(to) || to === "24:00" ? [] : [{ path: at("to"), key: "time" } as const]),
    ...(from === to && from !== undefined ? [{ path: at("to"), key: "sameTime" } as const] : []),
  ];
}

function approval(value: unknown): PolicyIssue[] {
  if (!Array.isArray(value)) return [{ path: "approval", key: "approval" }];
  return [
    ...(value.length > 5 ? [{ path: "approval", key: "steps" } as const] : []),
    ...value.flatMap((step, index) => approvalStep(step, `approval.${index}`)),
  ];
}

function approvalStep(step: unknown, path: string): PolicyIssue[] {
  if (!isObject(step)) return [{ path, key: "missing" }];
  const { count } = step;
  const [users, groups] = [list(step["users"]), list(step["groups"])];
  const people = users.length + groups.length;
  const isCount = Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 10;
  return [
    ...unknownFields(step, path, ["name", "count", "users", "groups"]),
    ...(step["name"] === undefined ? [] : line(step["name"], `${path}.name`, 100)),
    ...(isCount ? [] : [{ path: `${path}.count`, key: "count" } as const]),
    ...(people === 0 ? [{ path, key: "nobody" } as const] : []),
    ...(people > 10 ? [{ path, key: "tooMany", values: { most: 10 } } as const] : []),
    ...(isCount && people > 0 && groups.length === 0 && Number(count) > users.length
      ? [{ path: `${path}.count`, key: "tooFew" } as const]
      : []),
  ];
}

function unknownFields(value: Record<string, unknown>, path: string, known: string[]): PolicyIssue[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: path === "" ? name : `${path}.${name}`, key: "unknown", values: { name } }));
}

function line(value: unknown, path: string, most: number): PolicyIssue[] {
  if (typeof value !== "string" || value === "") return [{ path, key: "missing" }];
  if (value.length > most) return [{ path, key: "tooLong", values: { most } }];
  return value.trim() !== value || invisible.test(value) ? [{ path, key: "spaces" }] : [];
}

function someTexts(value: unknown, path: string): PolicyIssue[] {
  const items = list(value);
  if (items.length === 0) return [{ path, key: "emptyList" }];
  if (items.length > 20) return [{ path, key: "tooMany", values: { most: 20 } }];
  return new Set(items).size === items.length ? [] : [{ path, key: "twice" }];
}

function someLevels(value: unknown): PolicyIssue[] {
  const items = list(value);
  const good = items.length > 0 && items.every((item) => levels.includes(String(item)));
  if (!good) return [{ path: "may.levels", key: "levels" }];
  return new Set(items).size === items.length ? [] : [{ path: "may.levels", key: "twice" }];
}

function minutes(value: unknown, path: string): PolicyIssue[] {
  const good = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= longestMinutes;
  return good ? [] : [{ path, key: "minutes" }];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isWallTime(value: unknown): boolean {
  return typeof value === "string" && wallTime.test(value);
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== "string" || !/^[A-Za-z]/.test(value)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: value }));
  } catch {
    return false;
  }
}
