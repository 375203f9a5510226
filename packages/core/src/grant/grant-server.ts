import { findInstance } from "../catalog/catalog.store.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Instant } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { AccountRef, AccountServer, BrokerContext } from "./account-engine.port.ts";
import type { Grant } from "./grant.ts";
import { isSamePlace, type Place, serverChanged } from "./place.ts";

/** The server to which the instance points now, with its administrator's credential applied. */
export type PresentServer = AccountServer & { engine: string; instance: Instance; place: Place };

/** The server on which the account of a grant is, or is to be.
 * @throws DomainError invalid `instance.missing`; unavailable `server.changed` when the instance points to another one
 * by now; and whatever keeps the credential from being read or the server from being reached. */
export async function serverOf(ctx: BrokerContext, grant: Grant): Promise<PresentServer> {
  const present = await presentServer(ctx, grant);
  if (grant.server && !isSamePlace(grant.server, present.place)) {
    throw serverChanged(grant.server, present.place);
  }
  return present;
}

/** Wherever the instance points now.
 * @throws DomainError invalid `instance.missing`, and whatever keeps it from being looked at. */
export async function presentServer(ctx: BrokerContext, grant: Grant): Promise<PresentServer> {
  const instance = await findInstance(ctx, grant.database.instance.id);
  if (!instance)
    throw new DomainError(
      "invalid",
      "instance.missing",
      "The instance of this grant is no longer registered.",
    );
  const server = await ctx.accountServer(instance);
  const place = { ...server.address, identity: await server.identity() };
  return { ...server, engine: instance.engine, instance, place };
}

/** The account of a grant, as its server knows it. */
export function accountOf({ account, id, serverId }: Grant): AccountRef {
  return { name: account, grantId: id, ...(serverId === undefined ? {} : { serverId }) };
}

export function endOf(grant: Grant): Instant {
  return grant.endsAt ?? grant.createdAt;
}
