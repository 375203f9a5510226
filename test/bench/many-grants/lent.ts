import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { UserRef } from "@daypass/core/identity/user.view.ts";
import { type Instant, instantOf } from "@daypass/core/kernel/clock.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { idFrom, ulidOf } from "@daypass/core/kernel/ids.ts";
import { planGrant } from "@daypass/core/request/plan-grant.ts";
import { type Place, pendingRequest } from "../past.ts";

/** Grants of one server as they stand an hour after their approval, so many to a person as people have. */
const grantsPerHolder = 10;

export function plannedGrants(place: Place, stack: string, known: UserRef, count: number): Grant[] {
  const at = instantOf(Date.now() - 3_600_000);
  return Array.from({ length: count }, (_, index) => {
    const cast = { engineer: known, others: [], lead: known };
    const request = pendingRequest(cast, place, at, index);
    const grant = planGrant(request, stack, at);
    const holder = index < grantsPerHolder ? known : strangerOf(grants(index), grant);
    return { ...grant, holder };
  });
}

const grants = (index: number) => Math.floor(index / grantsPerHolder);

/** People are read by id when a timer looks; those who never signed in are nobody who is suspended. */
function strangerOf(number: number, { id }: Grant): UserRef {
  const ulid = ulidOf(id).slice(0, 16) + String(number).padStart(10, "0");
  return { id: idFrom("user", ulid), name: `Person ${number}`, email: `person-${number}@example.com` };
}

/** The same once their accounts are made, each with its end. */
export function activeGrant(grant: Grant, endsAt: Instant, made: Partial<Grant>): Grant {
  const startedAt = grant.createdAt;
  return { ...grant, ...made, state: "active", version: 3, startedAt, endsAt, databaseEndsAt: endsAt };
}

/** The rows that the store itself writes. */
export async function putGrants(ctx: Pick<Context, "table">, all: readonly Grant[]): Promise<void> {
  const { client, name } = ctx.table;
  const batches: Grant[][] = [];
  for (let done = 0; done < all.length; done += 25) batches.push(all.slice(done, done + 25));
  await atOnce(4, batches, async (batch) => {
    const puts = batch.map((grant) => ({ PutRequest: { Item: planningGrant(ctx, grant).action.Put?.Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
  });
}

/** Works on so many at once. */
export async function atOnce<T>(
  count: number,
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...all].toReversed();
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await work(one);
    }),
  );
}

/** Ends spread evenly, on whole milliseconds. */
export function endOfIndex(firstMs: number, index: number, count: number, spreadMs: number): Instant {
  return instantOf(firstMs + Math.floor((index * spreadMs) / count));
}
