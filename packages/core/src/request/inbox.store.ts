import { Entity } from "electrodb";
import type { Context, UserActor } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { type Id, isId } from "../kernel/ids.ts";
import { badCursor, type Page } from "../kernel/page.ts";
import { deleting, entity, firstOf, key, putting, type Write } from "../kernel/table.ts";
import type { ApprovalStep } from "../policy/policy.ts";
import { findRequests } from "./request.store.ts";
import type { AccessRequest } from "./request.ts";

type Reads = Pick<Context, "table">;
type BatchReads = Pick<Context, "table" | "clock">;

/** More of the reader's own requests than the quota lets be open at once. */
const ownOpenLimit = 50;

/** One item for each person or group that the current step of a pending request waits for,
 * written and removed with the request itself: reading an inbox costs what is in it, not what ever was. */
const inbox = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "inbox", version: "1", service: "daypass" },
        attributes: {
          approver: { type: "string", required: true },
          requestId: { type: "string", required: true },
          requesterId: { type: "string", required: true },
        },
        indexes: { byApprover: { pk: key("pk", ["approver"]), sk: key("sk", ["requestId"]) } },
      },
      options,
    ),
);

/** Puts the request before the approvers of one step and takes it from those of another.
 * Whoever is in both keeps it. */
export function passing(
  ctx: Reads,
  request: AccessRequest,
  from: ApprovalStep | undefined,
  to: ApprovalStep | undefined,
): Write[] {
  const before = from ? approversOf(from) : [];
  const after = to ? approversOf(to) : [];
  const asked = after
    .filter((approver) => !before.includes(approver))
    .map((approver) =>
      inbox(ctx).put({ approver, requestId: request.id, requesterId: request.requester.id }).params(),
    );
  const released = before
    .filter((approver) => !after.includes(approver))
    .map((approver) => inbox(ctx).delete({ approver, requestId: request.id }).params());
  return [
    ...asked.map((params) => putting(params, changedMeanwhile)),
    ...released.map((params) => deleting(params, changedMeanwhile)),
  ];
}

/** These writes carry no condition of their own; the request's version guards them. */
function changedMeanwhile() {
  return conflict("request.changed", "The request changed in the meantime; look at it again.");
}

/** Pending requests that wait for this person, oldest first, without those that they asked or voted on themselves. */
export async function listToReview(
  ctx: BatchReads,
  actor: UserActor,
  slice: { cursor?: string | undefined; limit: number },
): Promise<Page<AccessRequest>> {
  const { cursor } = slice;
  if (cursor !== undefined && !isId("request", cursor)) throw badCursor();
  const ids = await waitingFor(ctx, actor, slice.limit + 1, cursor);
  const shown = ids.slice(0, slice.limit);
  const requests = await findRequests(ctx, shown);
  const items = requests.filter(
    (request) =>
      request.status === "pending" && !request.reviews.some((review) => review.reviewer.id === actor.id),
  );
  return { items, nextCursor: ids.length > slice.limit ? (shown.at(-1) ?? null) : null };
}

/** How many wait, at most 100. */
export async function countToReview(ctx: BatchReads, actor: UserActor): Promise<number> {
  return (await listToReview(ctx, actor, { limit: 100 })).items.length;
}

async function waitingFor(
  ctx: BatchReads,
  actor: UserActor,
  limit: number,
  after?: string,
): Promise<Id<"request">[]> {
  const approvers = [personOf(actor.id), ...actor.groups.map(groupOf)];
  const found = await Promise.all(
    approvers.map((approver) => {
      const query = inbox(ctx).query.byApprover({ approver });
      return (after ? query.gt({ requestId: after }) : query).go({
        ...firstOf(limit + ownOpenLimit),
        order: "asc",
      });
    }),
  );
  const ids = found.flatMap(({ data }) => data).filter((row) => row.requesterId !== actor.id);
  return [...new Set(ids.map((row) => row.requestId as Id<"request">))].toSorted().slice(0, limit);
}

function approversOf(step: ApprovalStep): string[] {
  return [...step.users.map(personOf), ...step.groups.map(groupOf)];
}
const personOf = (id: string) => `user:${id}`;
const groupOf = (name: string) => `group:${name}`;
