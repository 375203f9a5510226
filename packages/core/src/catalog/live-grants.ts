import {
  countLiveGrantsOfDatabases,
  listLiveGrants,
  listLiveGrantsOfDatabases,
} from "../grant/grant.store.ts";
import type { Grant } from "../grant/grant.ts";
import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { listDatabaseRecords } from "./database.store.ts";

type Counts = ReadonlyMap<Id<"database">, number>;

/** How many live grants each of these databases has; those without any may be missing. For a few databases each is
 * asked, for many it is cheaper to go through the grants that are live now. */
export async function countLiveGrantsOf(
  ctx: Pick<Context, "table">,
  databaseIds: readonly Id<"database">[],
): Promise<Counts> {
  if (databaseIds.length <= askedOneByOne) return countLiveGrantsOfDatabases(ctx, databaseIds);
  const counts = new Map<Id<"database">, number>();
  let cursor: string | undefined;
  do {
    const page = await listLiveGrants(ctx, { cursor, limit: 500 });
    for (const { database } of page.items) counts.set(database.id, (counts.get(database.id) ?? 0) + 1);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return counts;
}
const askedOneByOne = 20;

/** The same as listLiveGrantsOfInstance, for whom waits for an answer: an instance of many databases is not asked for each. */
export async function listLiveGrantsOnServer(
  ctx: Pick<Context, "table">,
  instanceId: Id<"instance">,
): Promise<Grant[]> {
  const databases = await listDatabaseRecords(ctx);
  const ids = databases.filter((database) => database.instanceId === instanceId).map(({ id }) => id);
  if (ids.length <= askedOneByOne) return listLiveGrantsOfDatabases(ctx, ids);
  const found: Grant[] = [];
  let cursor: string | undefined;
  do {
    const page = await listLiveGrants(ctx, { cursor, limit: 500 });
    found.push(...page.items.filter(({ database }) => database.instance.id === instanceId));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return found;
}

/** Every grant on an instance that is not revoked; may lag by moments. */
export async function listLiveGrantsOfInstance(
  ctx: Pick<Context, "table">,
  instanceId: Id<"instance">,
): Promise<Grant[]> {
  const databases = await listDatabaseRecords(ctx);
  const ids = databases.filter((database) => database.instanceId === instanceId).map(({ id }) => id);
  return listLiveGrantsOfDatabases(ctx, ids);
}

export function sumOf(counts: Counts, databaseIds: readonly Id<"database">[]): number {
  return databaseIds.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
}
