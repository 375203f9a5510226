import type { GrantView } from "./api.ts";

type Known = Pick<GrantView, "state" | "endsAt" | "failure">;

/** Taking an account back takes seconds; a minute later something stands in the way, or nobody is at it. */
const graceMs = 60_000;

/** Should be revoked and is not: held up with a reason, or past its end with nobody at it. */
export function isOverdue(grant: Known, nowMs: number): boolean {
  switch (grant.state) {
    case "quarantined":
      return true;
    case "revoking":
    case "active":
      return (grant.state === "revoking" && grant.failure !== null) || lateMs(grant, nowMs) > graceMs;
    case "planned":
    case "provisioning":
    case "revoked":
    case "written-off":
      return false;
  }
}

/** How long ago it should have ended; 0 while it has not. */
export function lateMs({ endsAt }: Pick<GrantView, "endsAt">, nowMs: number): number {
  return endsAt === null ? 0 : Math.max(0, nowMs - Date.parse(endsAt));
}
