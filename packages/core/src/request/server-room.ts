import { connectionSettingsOf } from "../catalog/connection-room.ts";
import { findInspection } from "../catalog/inspection.store.ts";
import type { Instance } from "../catalog/instance.ts";
import { listLiveGrantsOnServer } from "../catalog/live-grants.ts";
import { fullServer } from "../grant/full-server.ts";
import type { Grant } from "../grant/grant.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";

/** Why this person cannot be lent one more account on the server, by the ledger; undefined when there is room. What was
 * approved a moment ago may be missing: the broker asks the server itself before it creates the account. */
export async function findFullServer(
  ctx: Pick<Context, "table">,
  instance: Instance,
  personId: Id<"user">,
): Promise<DomainError | undefined> {
  const [inspection, live] = await Promise.all([
    findInspection(ctx, instance.id),
    listLiveGrantsOnServer(ctx, instance.id),
  ]);
  const own = live.filter(({ holder }) => holder.id === personId);
  const { connectionsPerAccount } = connectionSettingsOf(instance);
  return fullServer(instance, inspection?.connections, {
    connections: live.length * connectionsPerAccount,
    nextEnd: nextEndOf(live),
    accountsOfPerson: own.length,
    nextEndOfPerson: nextEndOf(own),
  });
}

function nextEndOf(grants: readonly Grant[]): Instant | undefined {
  return grants.flatMap(({ endsAt }) => endsAt ?? []).toSorted()[0];
}
