type Path = readonly (string | number)[];

/** What stands at a path of a policy's file; undefined where the file has nothing there. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

/** The same file with one value put in; undefined takes the field out, and the objects on the way with it when they
 * are left empty. All else stays as it was, also what the form does not know. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(root) ? root : [];
    return items.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  }
  const fields = isObject(root) ? root : {};
  const inner = withValue(fields[step], rest, value);
  const { [step]: _, ...others } = fields;
  const isEmptied =
    rest.length > 0 && value === undefined && isObject(inner) && Object.keys(inner).length === 0;
  const isRequired = step === "on" || step === "who" || step === "may";
  if (inner === undefined || (isEmptied && !isRequired)) return others;
  return { ...fields, [step]: inner };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(root: unknown, path: Path): string {
  const value = valueAt(root, path);
  return typeof value === "string" ? value : "";
}

export function textsAt(root: unknown, path: Path): string[] {
  const value = valueAt(root, path);
  return Array.isArray(value)
    ? [...new Set(value.filter((item): item is string => typeof item === "string"))]
    : [];
}

export function numberAt(root: unknown, path: Path): number | null {
  const value = valueAt(root, path);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The other effect, with what can be carried over. Approval is not assumed: it begins with a step to be filled in. */
export function withEffect(root: unknown, effect: "allow" | "deny"): unknown {
  const fields = isObject(root) ? root : {};
  const { for: limits, approval: _, ...rest } = fields;
  const levels = textsAt(fields, ["may", "levels"]);
  const hours = valueAt(limits, ["hours"]);
  const may = levels.length > 0 ? { levels } : { levels: ["read"] };
  if (effect === "deny") return { ...rest, effect, may, ...(hours === undefined ? {} : { for: { hours } }) };
  const allowed = { maxDurationMinutes: 240, ...(hours === undefined ? {} : { hours }) };
  return { ...rest, effect, may, for: allowed, approval: [{ count: 1, groups: [] }] };
}

/** A stored policy as somebody would write it: without the fields that say what their absence says too. */
export function asWritten(policy: unknown): unknown {
  if (!isObject(policy)) return policy;
  const approval = policy["approval"];
  const bare = { description: "", enabled: true };
  const people = { everyone: false, users: [], groups: [] };
  return {
    ...(without(policy, bare) as Record<string, unknown>),
    who: without(policy["who"], people),
    may: without(policy["may"], { unmask: false, export: false }),
    ...(policy["effect"] === "deny" && isObject(policy["for"]) && Object.keys(policy["for"]).length === 0
      ? { for: undefined }
      : {}),
    ...(Array.isArray(approval) ? { approval: approval.map((step) => without(step, people)) } : {}),
  };
}

function without(value: unknown, defaults: Record<string, unknown>): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name, item]) => JSON.stringify(defaults[name]) !== JSON.stringify(item)),
  );
}

/** What a new policy begins with: nothing that would let anybody in before it was written. */
export const newPolicy = {
  name: "",
  effect: "allow",
  who: { groups: [] },
  may: { levels: ["read"] },
  on: {},
  for: { maxDurationMinutes: 240 },
  approval: [{ count: 1, groups: [] }],
} as const;
