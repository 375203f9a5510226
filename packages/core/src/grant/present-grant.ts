import type { Context } from "../kernel/context.ts";
import { type Grant, isRunning, maxExtensionMinutes } from "./grant.ts";
import { alarmCauses, type GrantView } from "./grant.view.ts";
import { isRetryable } from "./retry-grant.ts";
import { isWriteOffable } from "./write-off-grant.ts";

/** A grant as the actor may see it. */
export function presentGrant(ctx: Pick<Context, "actor" | "clock">, grant: Grant): GrantView {
  const now = ctx.clock.now();
  const { actor } = ctx;
  const isHolder = actor.kind === "user" && actor.id === grant.holder.id;
  const isAdministrator = actor.kind === "user" && actor.roles.includes("administrator");
  const running = isRunning(grant, now);
  const endable = grant.state === "planned" || grant.state === "provisioning" || grant.state === "active";
  return {
    id: grant.id,
    requestId: grant.requestId,
    state: grant.state,
    holder: grant.holder,
    database: grant.database,
    level: grant.level,
    scope: grant.scope,
    account: grant.account,
    durationMinutes: grant.durationMinutes,
    createdAt: grant.createdAt,
    startedAt: grant.state === "planned" || grant.state === "provisioning" ? null : (grant.startedAt ?? null),
    endsAt: grant.state === "planned" || grant.state === "provisioning" ? null : (grant.endsAt ?? null),
    databaseEndsAt: grant.state === "active" ? (grant.databaseEndsAt ?? null) : null,
    deadManSwitch: grant.deadManSwitch ?? null,
    endedBy: grant.endedBy ?? null,
    revokedAt: grant.revokedAt ?? null,
    absentAt: grant.absentAt ?? null,
    // Records from before it was kept do not say whether the login was denied.
    failure: grant.failure ? { ...grant.failure, loginDenied: grant.failure.loginDenied ?? null } : null,
    nextAttemptAt: (grant.failure && grant.nextAttemptAt) ?? null,
    timerSeenAt: grant.timerSeenAt ?? null,
    server: grant.server ?? null,
    alarms: alarmsOf(grant),
    writtenOff: writtenOffView(grant),
    pendingExtensionId: grant.pendingExtensionId ?? null,
    maxExtensionMinutes: maxExtensionMinutes(grant, now),
    may: {
      showCredential: isHolder && running,
      extend: isHolder && running && !grant.pendingExtensionId && maxExtensionMinutes(grant, now) > 0,
      end: (isHolder || isAdministrator) && endable,
      retry: (isHolder || isAdministrator) && isRetryable(grant),
      writeOff: isAdministrator && !isHolder && isWriteOffable(grant, now),
    },
    version: grant.version,
  };
}

function alarmsOf({ alarms = {} }: Grant): GrantView["alarms"] {
  return alarmCauses.flatMap((cause) => {
    const at = alarms[cause];
    return at ? [{ cause, at }] : [];
  });
}

function writtenOffView({ writtenOff }: Grant): GrantView["writtenOff"] {
  if (!writtenOff) return null;
  const { at, by, reason } = writtenOff;
  return { at, by, reason };
}
