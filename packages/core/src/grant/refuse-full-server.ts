import type { BrokerContext } from "./account-engine.port.ts";
import { fullServer } from "./full-server.ts";
import { listLiveGrantsOfHolder } from "./grant.store.ts";
import type { Grant } from "./grant.ts";
import type { PresentServer } from "./grant-server.ts";

/** Requests wait, and lists lag: before an account is created the server itself is asked what it has lent. A few
 * brokers may ask at once, so that the bound may be passed by as many accounts.
 * @throws DomainError limited `instance.full`, `instance.full-for-person`. */
export async function refuseFullServer(
  ctx: BrokerContext,
  server: PresentServer,
  grant: Grant,
): Promise<void> {
  const { instance } = server;
  const [{ lent, ...connections }, held] = await Promise.all([
    server.connectionRoom(grant.account),
    listLiveGrantsOfHolder(ctx, grant.holder.id),
  ]);
  const others = held.filter(
    ({ id, database, startedAt, state }) =>
      id !== grant.id &&
      database.instance.id === instance.id &&
      startedAt !== undefined &&
      // Of those that wait for an account the oldest is first; else each would refuse the others until all are given up.
      (state !== "provisioning" || id < grant.id),
  );
  const full = fullServer(instance, connections, { connections: lent, accountsOfPerson: others.length });
  if (full) throw full;
}
