/** `classid:objid` of the server's catalog. */
export type ObjectKey = string;

/** One row of pg_depend: `from` depends on `to`. `fromMine` says that `from` belongs to the role or hangs on what does. */
export type Dependency = { from: ObjectKey; to: ObjectKey; type: string; fromMine: boolean };

/** `with-parent`: it cannot be dropped by itself, as the sequence of an identity column, and goes when its parent goes. */
export type Fate = "drop" | "keep" | "with-parent";

/** Dependencies by which the server drops `to` together with `from`, or refuses to drop `from` alone. */
const inseparable = new Set(["i", "e", "P", "S"]);

/**
 * What to drop and what to keep of the objects that a role owns. What holds rows is kept, and what someone else's
 * object depends on; what is kept keeps all that it depends on itself. So CASCADE on the rest reaches nothing of
 * anyone else.
 */
export function fatesOf(
  owned: readonly { key: ObjectKey; holdsRows: boolean }[],
  dependencies: readonly Dependency[],
): ReadonlyMap<ObjectKey, Fate> {
  const kept = new Set<ObjectKey>();
  const pending: ObjectKey[] = [];
  const keep = (key: ObjectKey) => {
    if (kept.has(key)) return;
    kept.add(key);
    pending.push(key);
  };
  const needs = grouped(dependencies, ({ from }) => from);
  const parts = grouped(
    dependencies.filter(({ type }) => inseparable.has(type)),
    ({ to }) => to,
  );
  for (const { key, holdsRows } of owned) if (holdsRows) keep(key);
  for (const { to, fromMine } of dependencies) if (!fromMine) keep(to);
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    for (const { to } of needs.get(key) ?? []) keep(to);
    for (const { from } of parts.get(key) ?? []) keep(from);
  }
  return new Map(owned.map(({ key }) => [key, fateOf(key, kept, needs)]));
}

function fateOf(
  key: ObjectKey,
  kept: ReadonlySet<ObjectKey>,
  needs: ReadonlyMap<ObjectKey, Dependency[]>,
): Fate {
  if (kept.has(key)) return "keep";
  return (needs.get(key) ?? []).some(({ type }) => inseparable.has(type)) ? "with-parent" : "drop";
}

function grouped(
  dependencies: readonly Dependency[],
  keyOf: (dependency: Dependency) => ObjectKey,
): ReadonlyMap<ObjectKey, Dependency[]> {
  const groups = new Map<ObjectKey, Dependency[]>();
  for (const dependency of dependencies) {
    const group = groups.get(keyOf(dependency));
    if (group === undefined) groups.set(keyOf(dependency), [dependency]);
    else group.push(dependency);
  }
  return groups;
}
