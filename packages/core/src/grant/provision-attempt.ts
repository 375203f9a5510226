import { connectionSettingsOf } from "../catalog/connection-room.ts";
import { epochMs } from "../kernel/clock.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { activateGrant } from "./activate-grant.ts";
import { beginRevocation } from "./begin-revocation.ts";
import { failureOf } from "./failure-of.ts";
import { findGrant } from "./grant.store.ts";
import { asSeen, type Grant } from "./grant.ts";
import { endOf, serverToBe } from "./grant-server.ts";
import { settleLateAttempt } from "./late-attempt.ts";
import { mintRefusalOf } from "./mint-refusal.ts";
import { recordFailure } from "./record-failure.ts";
import { refuseFullServer } from "./refuse-full-server.ts";
import { revoke } from "./revoke-attempt.ts";
import { startGrant } from "./start-grant.ts";
import { type Turn, waitFor, waitForServer, waitUntil } from "./turn.ts";

/** Intent first: the end is on record before the database is touched, and the grant is read again after. What is denied
 * by now, however old its approval, ends before an account is made. */
export async function provision(ctx: BrokerContext, before: Grant): Promise<Turn> {
  // Looking which server it is touches nothing; that it was this one is on record before anything is made there.
  const [found] = await Promise.allSettled([serverToBe(ctx, before)]);
  const refused = await mintRefusalOf(ctx, before);
  if (refused !== undefined) {
    ctx.log.warn("no account is made", { grantId: before.id, refused });
    return revoke(ctx, await beginRevocation(ctx, { ...asSeen(before), endedBy: "failure", refused }));
  }
  const grant = await startGrant(ctx, {
    ...asSeen(before),
    ...(found.status === "fulfilled" ? { server: found.value.place } : {}),
  });
  const attempt = async () => {
    if (found.status === "rejected") throw found.reason;
    const server = found.value;
    await refuseFullServer(ctx, server, grant);
    const password = await ctx.grantSecrets.create(
      grant.secretName,
      {
        engine: server.engine,
        ...server.address,
        dbname: grant.database.name,
        username: grant.account,
        password: ctx.newPassword(),
      },
      grant.id,
    );
    const { connectionsPerAccount: connectionLimit } = connectionSettingsOf(server.instance);
    const plan = { ...planOf(grant), expiresAtMs: epochMs(endOf(grant)), connectionLimit };
    const account = await server.provision(plan, password);
    await server.verifyLogin(plan, password);
    return account;
  };
  const outcome = await attempt().then(
    (account) => ({ account }),
    (error: unknown) => ({ error }),
  );
  const latest = await findGrant(ctx, grant.id);
  if (!latest || latest.version !== grant.version) return settleLateAttempt(ctx, latest ?? grant);
  if ("error" in outcome) {
    const failure = failureOf(outcome.error);
    ctx.log.warn("provisioning failed", { grantId: grant.id, ...failure });
    const step = { step: "provision", random: ctx.random() } as const;
    const next = await recordFailure(ctx, { ...asSeen(grant), ...step, ...failure });
    return failure.reason === "unreachable" ? waitForServer(next) : waitFor(next);
  }
  const active = await activateGrant(ctx, {
    ...asSeen(grant),
    notGranted: outcome.account.notGranted.slice(0, 100),
    deadManSwitch: outcome.account.deadManSwitch,
    ...(outcome.account.serverId === undefined ? {} : { serverId: outcome.account.serverId }),
  });
  return waitUntil(endOf(active));
}

function planOf(grant: Grant) {
  return {
    name: grant.account,
    grantId: grant.id,
    database: grant.database.name,
    level: grant.level,
    scope: grant.scope,
  };
}
