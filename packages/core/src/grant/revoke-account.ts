import type { AccountServer, BrokerContext, Revocation } from "./account-engine.port.ts";
import { failureOf } from "./failure-of.ts";
import type { Grant } from "./grant.ts";
import { accountOf, type PresentServer, placeOf, presentServer } from "./grant-server.ts";
import { isSameAddress, isSamePlace, type Place, serverChanged } from "./place.ts";

/** Takes the account back on the server that made it. Its absence counts only there: when the instance has been
 * pointed elsewhere, the recorded address is tried with the administrator's credential of today.
 * @throws DomainError unavailable `server.changed` when that server cannot be looked at, and what servers throw. */
export async function revokeAccount(ctx: BrokerContext, grant: Grant): Promise<Revocation> {
  const present = await presentServer(ctx, grant);
  const recorded = grant.server;
  if (!recorded) return present.revoke(accountOf(grant));
  const isSame = isSamePlace(recorded, present.place);
  if (isSameAddress(recorded, present.place)) {
    const revocation = await present.revoke(accountOf(grant));
    // Upgraded in place, or put in its place: whatever of ours is there is taken back, and still nothing is proven.
    if (isSame || revocation.status === "quarantined") return revocation;
    throw serverChanged(recorded, present.place);
  }
  const first = await lookAtRecorded(ctx, present, recorded);
  if (first.answer === "it is there") {
    const revocation = await first.server.revoke(accountOf(grant));
    // One identity at two addresses may be two names of one server, or a copy of it: both are seen to.
    if (!isSame || revocation.status === "quarantined") return revocation;
    return both(revocation, await present.revoke(accountOf(grant)));
  }
  // After a failover or under a new name; a server that refuses us could be the first one.
  if (isSame && first.answer === "it is not there") return present.revoke(accountOf(grant));
  throw serverChanged(recorded, present.place, first.because);
}

type Looked =
  | { answer: "it is there"; server: AccountServer }
  | { answer: "it is not there" | "nobody knows"; because: string };

async function lookAtRecorded(
  ctx: BrokerContext,
  { instance }: PresentServer,
  recorded: Place,
): Promise<Looked> {
  try {
    const server = await ctx.accountServer(instance, { host: recorded.host, port: recorded.port });
    if (isSamePlace(recorded, await placeOf(server))) return { answer: "it is there", server };
    return { answer: "it is not there", because: "Another server answers at the first address." };
  } catch (error) {
    const { reason, message } = failureOf(error);
    return {
      answer: reason === "unreachable" ? "it is not there" : "nobody knows",
      because: `The first one cannot be looked at: ${message}`,
    };
  }
}

function both(one: Extract<Revocation, { status: "absent" }>, other: Revocation): Revocation {
  if (other.status === "quarantined") return other;
  return {
    status: "absent",
    sessionsEnded: one.sessionsEnded + other.sessionsEnded,
    keptObjects: [...one.keptObjects, ...other.keptObjects],
    checkedAtMs: Math.min(one.checkedAtMs, other.checkedAtMs),
  };
}
