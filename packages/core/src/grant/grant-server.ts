import { findInstance } from "../catalog/catalog.store.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Instant } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { AccountRef, AccountServer, BrokerContext } from "./account-engine.port.ts";
import type { Grant } from "./grant.ts";
import { isSameAddress, isSamePlace, type Place, serverChanged } from "./place.ts";

/** The server to which the instance points now, with its administrator's credential applied. */
export type PresentServer = AccountServer & { engine: string; instance: Instance; place: Place };

/** The server on which the account of a grant is to be made: the one to which the instance points now. After an attempt
 * elsewhere it is none, also not under another name: what that attempt made would be forgotten, or be there twice.
 * @throws DomainError unavailable `server.changed`, and what presentServer throws. */
export async function serverToBe(ctx: BrokerContext, grant: Grant): Promise<PresentServer> {
  const present = await presentServer(ctx, grant);
  const { server: recorded } = grant;
  if (recorded && !(isSamePlace(recorded, present.place) && isSameAddress(recorded, present.place)))
    throw serverChanged(recorded, present.place);
  return present;
}

/** The server on which the account of a grant is, at the address that its holder was given: where one identity answers
 * at two addresses, the other one may be a copy.
 * @throws DomainError unavailable `server.changed` when the instance points to another one by now, or another one answers
 * at the first address; and what presentServer throws. */
export async function serverOf(ctx: BrokerContext, grant: Grant): Promise<AccountServer> {
  const present = await presentServer(ctx, grant);
  const { server: recorded } = grant;
  if (!recorded) return present;
  if (!isSamePlace(recorded, present.place)) throw serverChanged(recorded, present.place);
  if (isSameAddress(recorded, present.place)) return present;
  const first = await ctx.accountServer(present.instance, { host: recorded.host, port: recorded.port });
  const place = await placeOf(first);
  if (!isSamePlace(recorded, place)) throw serverChanged(recorded, place);
  return first;
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
  return { ...server, engine: instance.engine, instance, place: await placeOf(server) };
}

/** Where a server is, and which one it says it is. */
export async function placeOf(server: AccountServer): Promise<Place> {
  return { ...server.address, identity: await server.identity() };
}

/** The account of a grant, as its server knows it. */
export function accountOf({ account, id, serverId }: Grant): AccountRef {
  return { name: account, grantId: id, ...(serverId === undefined ? {} : { serverId }) };
}

export function endOf(grant: Grant): Instant {
  return grant.endsAt ?? grant.createdAt;
}
