import { epochMs, type Instant } from "@daypass/core/kernel/clock.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import type { MetricName } from "./metric-names.ts";

/** What an event of the trail counts as. The trail is the one place that sees every move, whoever made it. */
export function metricsOf({
  operation,
  data,
}: Pick<AuditEvent, "operation" | "data">): Partial<Record<MetricName, number>> {
  if (operation === "grant.activate") return { GrantsProvisioned: 1 };
  if (operation === "grant.quarantine") return { GrantsQuarantined: 1 };
  if (operation !== "grant.finish") return {};
  return { GrantsRevoked: 1, ...lagOf(data["endsAt"], data["absentAt"]) };
}

function lagOf(endsAt: unknown, absentAt: unknown): { RevocationLag?: number } {
  if (typeof endsAt !== "string" || typeof absentAt !== "string") return {};
  const lagMs = epochMs(absentAt as Instant) - epochMs(endsAt as Instant);
  return Number.isFinite(lagMs) ? { RevocationLag: Math.max(0, lagMs / 1000) } : {};
}
