import type { Membership } from "./membership.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** Where and how the provider says somebody's groups. */
export type GroupsSettings = {
  /** The claim's name, which may contain dots ("https://example.com/groups"), or a path to it ("realm_access.roles"). */
  claim: string;
  /** What a text that holds several names is split at. */
  separator?: string | undefined;
  /** Which field of an object is the group, where the groups are objects. */
  field?: "name" | "id" | "displayName" | undefined;
  /** What it means when the claim is not there, or says nothing at all. */
  whenAbsent: "none" | "unknown";
};

export const groupsLimit = 500;
export const groupNameLength = 256;

/** The groups that these claims name. Whatever cannot be read as a whole is unknown as a whole: a list without the names
 * that were no names would switch off what denies by them. */
export function membershipOf(claims: Claims, settings: GroupsSettings): Membership {
  if (isElsewhere(claims, settings.claim)) return unknown("elsewhere");
  const value = claimAt(claims, settings.claim);
  const entries = Array.isArray(value) ? value : [value];
  if (entries.length > groupsLimit * 2) return unknown("too-many");
  const names: string[] = [];
  for (const entry of entries) {
    if (entry === undefined || entry === null) {
      if (Array.isArray(value)) return unknown("unreadable");
      continue;
    }
    const read = namesIn(entry, settings, Array.isArray(value));
    if (read === undefined) return unknown("unreadable");
    names.push(...read);
  }
  const groups = [...new Set(names)];
  if (groups.length > groupsLimit) return unknown("too-many");
  const saysNothing = groups.length === 0 && !(Array.isArray(value) && value.length === 0);
  return saysNothing && settings.whenAbsent === "unknown" ? unknown("absent") : { kind: "known", groups };
}

/** Whether the claims say anything of groups at all. */
export function saysGroups(claims: Claims, claim: string): boolean {
  const value = claimAt(claims, claim);
  return value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");
}

/** A value by its whole name, else by a path of names, each as long as there is one. */
function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) return undefined;
  if (Object.hasOwn(claims, path)) return (claims as Claims)[path];
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const first = path.slice(0, dot);
    if (!Object.hasOwn(claims, first)) continue;
    const found = claimAt((claims as Claims)[first], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** OpenID Connect Core 1.0, section 5.6.2: the claim is to be fetched from another source. Entra does so above 200 groups,
 * and says `hasgroups` where there is no room for the source. */
function isElsewhere(claims: Claims, claim: string): boolean {
  const names = claims["_claim_names"];
  const named = typeof names === "object" && names !== null ? Object.keys(names) : [];
  if (named.some((name) => name === claim || claim.startsWith(`${name}.`))) return true;
  const isSaid = saysGroups(claims, claim);
  const isUnreadable =
    names !== undefined && names !== null && (typeof names !== "object" || Array.isArray(names));
  const hasGroups = claims["hasgroups"] === true || claims["hasgroups"] === "true";
  return !isSaid && (isUnreadable || hasGroups);
}

/** The names in one entry; undefined where it is none. */
function namesIn(entry: unknown, settings: GroupsSettings, isInList: boolean): string[] | undefined {
  const text = textIn(entry, settings);
  if (text === undefined) return undefined;
  if (settings.separator === undefined && !isInList && looksLikeSeveral(text)) return undefined;
  const parts = settings.separator === undefined ? [text] : text.split(settings.separator);
  const names = parts.map((part) => part.trim()).filter((part) => part !== "");
  return names.every(isName) ? names : undefined;
}

function textIn(entry: unknown, { field }: GroupsSettings): string | undefined {
  if (typeof entry === "string") return entry;
  if (field === undefined || typeof entry !== "object" || entry === null) return undefined;
  const value = Object.hasOwn(entry, field) ? (entry as Claims)[field] : undefined;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Several names in one text, where no separator is set: read as one name it would match nothing. A distinguished name
 * of a directory is one. */
function looksLikeSeveral(text: string): boolean {
  return /[;|\n]/.test(text) || (text.includes(",") && !/^[a-z]+=/i.test(text)) || /^\s*[[{]/.test(text);
}

/** Invisible characters could make one name look like another; cut to length it would be another. */
function isName(text: string): boolean {
  return text.length <= groupNameLength && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

function unknown(cause: (Membership & { kind: "unknown" })["cause"]): Membership {
  return { kind: "unknown", cause };
}
