import { listEnvironments } from "../catalog/environment.store.ts";
import { listInstances } from "../catalog/instance.store.ts";
import type { Context } from "../kernel/context.ts";
import type { PolicyDocument } from "./policy.ts";

export const targetKinds = ["environments", "instances"] as const;
export type TargetKind = (typeof targetKinds)[number];

/** The names that environments and instances have now, by id. */
export type TargetNames = Readonly<Record<TargetKind, ReadonlyMap<string, string>>>;

export async function loadTargetNames(ctx: Pick<Context, "table">): Promise<TargetNames> {
  const [environments, instances] = await Promise.all([listEnvironments(ctx), listInstances(ctx)]);
  const byId = (things: readonly { id: string; name: string }[]) =>
    new Map(things.map(({ id, name }) => [id, name]));
  return { environments: byId(environments), instances: byId(instances) };
}

/** As a policy is kept: with the ids of what it names, so that it follows them when they get other names. A name that
 * nothing has yet stays a name. */
export function withIds(document: PolicyDocument, names: TargetNames): PolicyDocument {
  return mapTargets(document, (kind, entry) => {
    if (names[kind].has(entry)) return entry;
    const found = [...names[kind]].find(([, name]) => name === entry);
    return found?.[0] ?? entry;
  });
}

/** As people write and read it: with the names of now. The id of what was deleted stays an id. */
export function withNames(document: PolicyDocument, names: TargetNames): PolicyDocument {
  return mapTargets(document, (kind, entry) => names[kind].get(entry) ?? entry);
}

/** What a policy names and nothing is: a name that does not exist, or the id of what was deleted. */
export function unmatchedTargets(document: PolicyDocument, names: TargetNames): Record<TargetKind, string[]> {
  const unmatched = (kind: TargetKind) => {
    const known = new Set([...names[kind]].flat());
    return (document.on[kind] ?? []).filter((entry) => !known.has(entry));
  };
  return { environments: unmatched("environments"), instances: unmatched("instances") };
}

export function namesTarget({ on }: PolicyDocument, kind: TargetKind, entry: string): boolean {
  return on[kind]?.includes(entry) ?? false;
}

function mapTargets(
  document: PolicyDocument,
  map: (kind: TargetKind, entry: string) => string,
): PolicyDocument {
  const on = { ...document.on };
  for (const kind of targetKinds) {
    const entries = on[kind];
    // Two entries may have become the same thing, and a list names nothing twice.
    if (entries) on[kind] = [...new Set(entries.map((entry) => map(kind, entry)))];
  }
  return { ...document, on };
}
