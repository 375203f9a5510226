import { EngineError, type Level, type Target } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import {
  type DatabaseIdentity,
  type GroupRight,
  groupHash,
  groupName,
  groupRights,
  keeperName,
  type ScopeIdentity,
} from "./names.ts";
import { identifier, qualified, sql } from "./quote.ts";
import { grantStatements, type RightsChange, type RightsClass, revokeStatements } from "./rights-sql.ts";
import { ensureRole, lockRights } from "./role.ts";
import { resolveScope, type ScopedObject } from "./scope.ts";

/** What accounts are lent: a level on objects of one database. */
export type Lending = { level: Level; home: DatabaseIdentity; scope: ScopeIdentity };

export type RefreshedGroup = {
  name: string;
  right: GroupRight;
  objects: ScopedObject[];
  notGranted: string[];
};

/**
 * Makes the permanent group roles of a plan and brings their rights up to what the database holds now: by lists of
 * objects, so that a table made later is denied until the next refresh. Nothing is written when nothing changed.
 */
export async function refreshGroups(
  session: Session,
  target: Target,
  lending: Lending,
): Promise<RefreshedGroup[]> {
  const groups: RefreshedGroup[] = [];
  for (const right of groupRights(lending.level))
    groups.push(await refreshGroup(session, target, lending, right));
  return groups;
}

async function refreshGroup(
  session: Session,
  target: Target,
  { home, scope }: Lending,
  right: GroupRight,
): Promise<RefreshedGroup> {
  const { stack } = target;
  const name = groupName(stack, home, right, scope);
  const hash = groupHash(home, right, scope);
  await inTransaction(session, () => ensureRole(session, name, { kind: "group", stack, right, home, hash }));
  const resolve = () => resolveScope(session, scope, right, name, keeperName(stack));
  let objects = await resolve();
  if (changesOf(objects).length > 0) {
    objects = await inTransaction(session, async () => {
      await lockRights(session, stack);
      for (const { change, give } of changesOf(await resolve())) {
        for (const text of give ? grantStatements(change, name) : revokeStatements(change, name))
          await session.run(text);
      }
      return resolve();
    });
  }
  const inScope = objects.filter((object) => object.wanted.length > 0);
  return { name, right, objects: inScope, notGranted: requireEnough(inScope, scope, target) };
}

type Change = { give: boolean; change: RightsChange };

function changesOf(objects: readonly ScopedObject[]): Change[] {
  const grouped = new Map<
    string,
    { give: boolean; class: RightsClass; privileges: string[]; objects: ScopedObject[] }
  >();
  for (const object of objects) {
    const isWanted = (privilege: string) => object.wanted.some((one) => one === privilege);
    const give = object.wanted.filter(
      (one) => !object.written.includes(one) && object.grantable.includes(one),
    );
    // Only what we can take is listed, else a right given by somebody else would be tried again at every mint.
    const take = object.written.filter((one) => !isWanted(one) && object.grantable.includes(one));
    for (const [isGift, privileges] of [
      [true, give],
      [false, take],
    ] as const) {
      if (privileges.length === 0) continue;
      const key = JSON.stringify([isGift, object.class, privileges]);
      const entry = grouped.get(key) ?? { give: isGift, class: object.class, privileges, objects: [] };
      entry.objects.push(object);
      grouped.set(key, entry);
    }
  }
  return [...grouped.values()].map(({ give, ...change }) => ({ give, change }));
}

/** Some tables out of the administrator's reach are reported; a schema, a table asked for by name, or all of them is a refusal. */
function requireEnough(objects: readonly ScopedObject[], scope: ScopeIdentity, target: Target): string[] {
  const lacking = objects.filter((object) => object.wanted.some((one) => !object.effective.includes(one)));
  const tables = objects.filter((object) => object.class === "table");
  const lackingTables = lacking.filter((object) => object.class === "table");
  const fatal = lacking.filter((object) => object.class === "schema" || object.class === "database");
  const allLacking = lackingTables.length === tables.length;
  fatal.push(...lackingTables.filter((object) => allLacking || isNamed(scope, object)));
  if (fatal.length === 0) return lacking.map(label);
  throw new EngineError(
    "permission",
    `the administrator ${target.administrator.username} cannot give rights on ${fatal.slice(0, 3).map(label).join(", ")}`,
    { remedy: fatal.slice(0, 20).map((object) => remedyFor(object, target.administrator.username)) },
  );
}

function isNamed(scope: ScopeIdentity, object: ScopedObject): boolean {
  if (scope.kind === "database") return false;
  return scope.objects.some(({ table }) => table === object.oid);
}

function label(object: ScopedObject): string {
  return object.class === "table" || object.class === "sequence"
    ? `${object.schema}.${object.name}`
    : `${object.class} ${object.name}`;
}

function remedyFor(object: ScopedObject, administrator: string): string {
  const on =
    object.class === "table" || object.class === "sequence"
      ? qualified(object.schema, object.name)
      : identifier(object.name);
  return sql`GRANT ${object.wanted.join(", ")} ON ${object.class.toUpperCase()} ${on} TO ${identifier(administrator)} WITH GRANT OPTION;`;
}
