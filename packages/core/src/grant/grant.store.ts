import { Entity } from "electrodb";
import { type Instant, plusMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { type Page, withCursor } from "../kernel/page.ts";
import { readBatch } from "../kernel/read-batch.ts";
import { shards } from "../kernel/shard.ts";
import { checking, entity, firstOf, key, putting, type Write } from "../kernel/table.ts";
import { dueAt, type Grant, isLive, isRevocationDue, sweeperGraceMs } from "./grant.ts";

type Reads = Pick<Context, "table">;
type BatchReads = Pick<Context, "table" | "clock">;

/** Indexes: all by age · by holder while live, and after · live ones by end · live ones by database · due, by instance. */
const grants = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "grant", version: "1", service: "daypass" },
        attributes: {
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          grant: { type: "any", required: true },
          all: { type: "string", required: true },
          liveEndsAt: { type: "string" },
          endedHolderId: { type: "string" },
          live: { type: "string" },
          liveDatabaseId: { type: "string" },
          liveHolderId: { type: "string" },
          dueShard: { type: "string" },
          dueAt: { type: "string" },
        },
        indexes: {
          byId: { pk: key("pk", ["id"]), sk: key("sk", []) },
          byTime: { index: "gsi1", pk: key("gsi1pk", ["all"]), sk: key("gsi1sk", ["id"]) },
          endedByHolder: { index: "gsi2", pk: key("gsi2pk", ["endedHolderId"]), sk: key("gsi2sk", ["id"]) },
          liveByEnd: { index: "gsi3", pk: key("gsi3pk", ["live"]), sk: key("gsi3sk", ["liveEndsAt"]) },
          liveByDatabase: { index: "gsi4", pk: key("gsi4pk", ["liveDatabaseId"]), sk: key("gsi4sk", ["id"]) },
          due: { index: "gsi5", pk: key("gsi5pk", ["dueShard"]), sk: key("gsi5sk", ["dueAt"]) },
          liveByHolder: { index: "gsi6", pk: key("gsi6pk", ["liveHolderId"]), sk: key("gsi6sk", ["id"]) },
        },
      },
      options,
    ),
);

export async function findGrant(ctx: Reads, id: Id<"grant">): Promise<Grant | undefined> {
  const { data } = await grants(ctx).get({ id }).go({ consistent: true });
  return data?.grant as Grant | undefined;
}

/** Many at once, in any order; missing ones are left out. */
export function findGrants(ctx: BatchReads, ids: readonly Id<"grant">[]): Promise<Map<Id<"grant">, Grant>> {
  return findMany(ctx, ids, false);
}

/** The same as they are at this moment. */
export function findGrantsNow(
  ctx: BatchReads,
  ids: readonly Id<"grant">[],
): Promise<Map<Id<"grant">, Grant>> {
  return findMany(ctx, ids, true);
}

async function findMany(ctx: BatchReads, ids: readonly Id<"grant">[], consistent: boolean) {
  const reads = ids.map((id) => grants(ctx).get({ id }).params());
  const rows = await readBatch(ctx, reads, { consistent });
  return new Map(grantsOf(rows).map((grant) => [grant.id, grant]));
}

type Slice = { cursor?: string | undefined; limit: number };
const options = ({ cursor, limit }: Slice) => ({ cursor: cursor ?? null, limit, order: "desc" as const });
type Rows = { data: { grant?: unknown }[]; cursor: string | null };
const page = ({ data, cursor }: Rows): Page<Grant> => ({ items: grantsOf(data), nextCursor: cursor });
const grantsOf = (rows: { grant?: unknown }[]) => rows.map((row) => row.grant as Grant);

/** Newest first. */
export function listGrants(ctx: Reads, slice: Slice): Promise<Page<Grant>> {
  return withCursor(async () => page(await grants(ctx).query.byTime({ all: "all" }).go(options(slice))));
}

/** Not yet revoked, the one that ends next first; with `endedBy` only those whose end is not after that moment. */
export function listLiveGrants(
  ctx: Reads,
  { endedBy, ...slice }: Slice & { endedBy?: Instant },
): Promise<Page<Grant>> {
  return withCursor(async () => {
    const live = grants(ctx).query.liveByEnd({ live: "live" });
    const wanted = endedBy === undefined ? live : live.lte({ liveEndsAt: endedBy });
    return page(await wanted.go({ ...options(slice), order: "asc" }));
  });
}

/** A person's grants that are not yet revoked; the quota of open requests bounds them. */
export async function listLiveGrantsOfHolder(ctx: Reads, holderId: Id<"user">): Promise<Grant[]> {
  const { data } = await grants(ctx)
    .query.liveByHolder({ liveHolderId: holderId })
    .go({ pages: "all", order: "desc" });
  return grantsOf(data);
}

export function listEndedGrantsOfHolder(
  ctx: Reads,
  holderId: Id<"user">,
  slice: Slice,
): Promise<Page<Grant>> {
  return withCursor(async () =>
    page(await grants(ctx).query.endedByHolder({ endedHolderId: holderId }).go(options(slice))),
  );
}

/** All of them on these databases. */
export async function listLiveGrantsOfDatabases(
  ctx: Reads,
  databaseIds: readonly Id<"database">[],
): Promise<Grant[]> {
  const found: Grant[] = [];
  for (const liveDatabaseId of databaseIds) {
    const { data } = await grants(ctx).query.liveByDatabase({ liveDatabaseId }).go({ pages: "all" });
    found.push(...grantsOf(data));
  }
  return found;
}

export async function listLiveGrantsOfDatabase(
  ctx: Reads,
  databaseId: Id<"database">,
  limit = 100,
): Promise<Grant[]> {
  const { data } = await grants(ctx)
    .query.liveByDatabase({ liveDatabaseId: databaseId })
    .go({ ...firstOf(limit), order: "desc" });
  return grantsOf(data);
}

/** How many grants hold each of these databases; 100 stands for "100 or more". */
export async function countLiveGrantsOfDatabases(
  ctx: Reads,
  databaseIds: readonly Id<"database">[],
): Promise<Map<Id<"database">, number>> {
  const counted = await Promise.all(
    databaseIds.map(async (id) => [id, (await listLiveGrantsOfDatabase(ctx, id)).length] as const),
  );
  return new Map(counted);
}

export async function countLiveGrants(ctx: Reads, holderId: Id<"user">): Promise<number> {
  return (await listLiveGrantsOfHolder(ctx, holderId)).length;
}

/** Grants of an instance that something should have been done about by `until`, those due first first. */
export async function listOverdueGrants(
  ctx: Reads,
  instanceId: Id<"instance">,
  until: Instant,
  { cursor, limit }: Slice,
): Promise<Page<Grant>> {
  const overdue = grants(ctx).query.due({ dueShard: instanceId }).lte({ dueAt: until });
  return page(await overdue.go({ cursor: cursor ?? null, limit }));
}

/** Accounts of an instance that are to be taken back now, without the time that the sweeper leaves to their timers; at
 * least `enough` where there are so many among the first thousand due. */
export async function listDueRevocations(
  ctx: Reads,
  instanceId: Id<"instance">,
  now: Instant,
  enough: number,
): Promise<Grant[]> {
  const found: Grant[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 10 && found.length < enough; pages += 1) {
    const limit = Math.min(enough * 2 ** pages, 100);
    const slice = await listOverdueGrants(ctx, instanceId, plusMs(now, sweeperGraceMs), { cursor, limit });
    found.push(...slice.items.filter((grant) => isRevocationDue(grant, now)));
    if (slice.nextCursor === null) break;
    cursor = slice.nextCursor;
  }
  return found;
}

/** Due grants of records from before the index was kept by instance: it was by eight shards. Any move of a grant puts it
 * where it belongs. */
export async function listOverdueGrantsOfOldRecords(ctx: Reads, until: Instant): Promise<Grant[]> {
  const found = await Promise.all(
    shards.map((dueShard) => grants(ctx).query.due({ dueShard }).lte({ dueAt: until }).go(firstOf(100))),
  );
  return found.flatMap(({ data }) => grantsOf(data));
}

export function planningGrant(ctx: Reads, grant: Grant): Write {
  return putting(grants(ctx).create(rowOf(grant)).params(), () =>
    conflict("grant.exists", "This request has its grant already."),
  );
}

/** Replaces the record if nobody changed it since it was read. */
export function savingGrant(ctx: Reads, next: Grant, otherwise: () => DomainError = changedMeanwhile): Write {
  const params = grants(ctx)
    .put(rowOf(next))
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return putting(params, otherwise);
}

/** Writes nothing; holds the transaction to the grant as it was read. */
export function guardingGrant(ctx: Reads, grant: Grant): Write {
  const { Key, TableName } = grants(ctx).delete({ id: grant.id }).params() as {
    Key: unknown;
    TableName: string;
  };
  return checking({ Key, TableName, ...whereVersion(grant.version) }, changedMeanwhile);
}

function whereVersion(version: number) {
  return {
    ConditionExpression: "#version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version },
  };
}

export function changedMeanwhile(): DomainError {
  return conflict("grant.changed", "The grant changed in the meantime; look at it again.");
}

function rowOf(grant: Grant) {
  const due = dueAt(grant);
  return {
    id: grant.id,
    version: grant.version,
    grant,
    all: "all",
    ...(isLive(grant)
      ? {
          live: "live",
          liveEndsAt: grant.endsAt ?? "9999",
          liveDatabaseId: grant.database.id,
          liveHolderId: grant.holder.id,
        }
      : { endedHolderId: grant.holder.id }),
    ...(due ? { dueShard: grant.database.instance.id, dueAt: due } : {}),
  };
}
