import { findInstance } from "../catalog/catalog.store.ts";
import type { Instant } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { AccountRef, AccountServer, BrokerContext } from "./account-engine.port.ts";
import type { Grant } from "./grant.ts";

/** The server on which the account of a grant is, with its administrator's credential applied.
 * @throws DomainError invalid `instance.missing`, and whatever keeps the credential from being read. */
export async function serverOf(
  ctx: BrokerContext,
  grant: Grant,
): Promise<AccountServer & { engine: string }> {
  const instance = await findInstance(ctx, grant.database.instance.id);
  if (!instance)
    throw new DomainError(
      "invalid",
      "instance.missing",
      "The instance of this grant is no longer registered.",
    );
  return { ...(await ctx.accountServer(instance)), engine: instance.engine };
}

/** The account of a grant, as its server knows it. */
export function accountOf({ account, id, serverId }: Grant): AccountRef {
  return { name: account, grantId: id, ...(serverId === undefined ? {} : { serverId }) };
}

export function endOf(grant: Grant): Instant {
  return grant.endsAt ?? grant.createdAt;
}
