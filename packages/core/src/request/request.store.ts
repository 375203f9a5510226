import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { type Page, withCursor } from "../kernel/page.ts";
import { readBatch } from "../kernel/read-batch.ts";
import { shardOf, shards } from "../kernel/shard.ts";
import { entity, firstOf, key, putting, type Write } from "../kernel/table.ts";
import { type AccessRequest, alreadyDecided } from "./request.ts";
import type { RequestStatus } from "./request.view.ts";

type Reads = Pick<Context, "table">;

/** Indexes: all by age · by requester · by requester and status · by database · to lapse, sharded · by status. */
const requests = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "request", version: "1", service: "daypass" },
        attributes: {
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          request: { type: "any", required: true },
          all: { type: "string", required: true },
          requesterId: { type: "string", required: true },
          status: { type: "string", required: true },
          databaseId: { type: "string", required: true },
          lapseShard: { type: "string" },
          lapsesAt: { type: "string" },
        },
        indexes: {
          byId: { pk: key("pk", ["id"]), sk: key("sk", []) },
          byTime: { index: "gsi1", pk: key("gsi1pk", ["all"]), sk: key("gsi1sk", ["id"]) },
          byRequester: { index: "gsi2", pk: key("gsi2pk", ["requesterId"]), sk: key("gsi2sk", ["id"]) },
          byRequesterStatus: {
            index: "gsi3",
            pk: key("gsi3pk", ["requesterId", "status"]),
            sk: key("gsi3sk", ["id"]),
          },
          byDatabase: { index: "gsi4", pk: key("gsi4pk", ["databaseId"]), sk: key("gsi4sk", ["id"]) },
          toLapse: {
            index: "gsi5",
            pk: key("gsi5pk", ["lapseShard"]),
            sk: key("gsi5sk", ["lapsesAt"]),
          },
          byStatus: { index: "gsi6", pk: key("gsi6pk", ["status"]), sk: key("gsi6sk", ["id"]) },
        },
      },
      options,
    ),
);

export async function findRequest(ctx: Reads, id: Id<"request">): Promise<AccessRequest | undefined> {
  const { data } = await requests(ctx).get({ id }).go({ consistent: true });
  return data?.request as AccessRequest | undefined;
}

/** In the order of `ids`; missing ones are left out. */
export async function findRequests(
  ctx: Pick<Context, "table" | "clock">,
  ids: readonly Id<"request">[],
): Promise<AccessRequest[]> {
  const unique = [...new Set(ids)];
  const reads = unique.map((id) => requests(ctx).get({ id }).params());
  const rows = await readBatch(ctx, reads, { consistent: true });
  const byId = new Map(rows.map((row) => [row["id"], row["request"] as AccessRequest]));
  return unique.flatMap((id) => byId.get(id) ?? []);
}

type Slice = { cursor?: string | undefined; limit: number; status?: RequestStatus | undefined };
const options = ({ cursor, limit }: Slice) => ({ cursor: cursor ?? null, limit, order: "desc" as const });
type Rows = { data: { request?: unknown }[]; cursor: string | null };
const page = ({ data, cursor }: Rows): Page<AccessRequest> => ({
  items: data.map((row) => row.request as AccessRequest),
  nextCursor: cursor,
});

/** Newest first. */
export function listRequests(ctx: Reads, slice: Slice): Promise<Page<AccessRequest>> {
  const { query } = requests(ctx);
  return withCursor(async () =>
    page(
      slice.status
        ? await query.byStatus({ status: slice.status }).go(options(slice))
        : await query.byTime({ all: "all" }).go(options(slice)),
    ),
  );
}

/** Newest first. */
export function listRequestsOf(
  ctx: Reads,
  requesterId: Id<"user">,
  slice: Slice,
): Promise<Page<AccessRequest>> {
  const { query } = requests(ctx);
  return withCursor(async () =>
    page(
      slice.status
        ? await query.byRequesterStatus({ requesterId, status: slice.status }).go(options(slice))
        : await query.byRequester({ requesterId }).go(options(slice)),
    ),
  );
}

/** Newest first. */
export async function listRequestsForDatabase(
  ctx: Reads,
  databaseId: Id<"database">,
  limit: number,
): Promise<AccessRequest[]> {
  const { query } = requests(ctx);
  return page(await query.byDatabase({ databaseId }).go({ ...firstOf(limit), order: "desc" })).items;
}

/** Pending requests whose deadline has passed, oldest first. */
export async function listLapsingRequests(
  ctx: Reads,
  now: Instant,
  limitPerShard: number,
): Promise<AccessRequest[]> {
  const found = await Promise.all(
    shards.map((lapseShard) =>
      requests(ctx).query.toLapse({ lapseShard }).lte({ lapsesAt: now }).go(firstOf(limitPerShard)),
    ),
  );
  return found.flatMap((rows) => page(rows).items);
}

export function creatingRequest(ctx: Reads, request: AccessRequest): Write {
  return putting(requests(ctx).create(rowOf(request)).params(), () =>
    conflict("request.exists", "This request exists already."),
  );
}

/** Replaces the record if nobody changed it since it was read; the loser is told who decided. */
export function savingRequest(ctx: Reads, next: AccessRequest): Write {
  const params = requests(ctx)
    .put(rowOf(next))
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return putting(params, (now) => changedMeanwhile(now?.["request"] as AccessRequest | undefined));
}

function changedMeanwhile(now: AccessRequest | undefined): DomainError {
  if (now && now.status !== "pending") return alreadyDecided(now);
  const message = "Somebody reviewed this request in the meantime; look at it again.";
  return conflict("request.changed", message, { reviewedBy: now?.reviews.at(-1)?.reviewer ?? null });
}

function rowOf(request: AccessRequest) {
  return {
    id: request.id,
    version: request.version,
    request,
    all: "all",
    requesterId: request.requester.id,
    status: request.status,
    databaseId: request.database.id,
    ...(request.status === "pending" ? { lapseShard: shardOf(request.id), lapsesAt: request.lapsesAt } : {}),
  };
}
