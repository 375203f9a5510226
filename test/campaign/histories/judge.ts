import { type Grant, isOverdue } from "@daypass/core/grant/grant.ts";
import { epochMs, type Instant } from "@daypass/core/kernel/clock.ts";
import type { AccountServerModel } from "../../integration/account-server-model.ts";
import { droppedAfterMs, visibleAfterMs } from "../guarantee.ts";

type Seen = { approvals: readonly string[]; server: AccountServerModel; now: Instant };

/** What has to hold at any moment.
 * @throws Error that names the line of the guarantee that does not. */
export function judge(grant: Grant, { approvals, server, now }: Seen): void {
  const { account, state, endsAt, endedBy, databaseEndsAt = now } = grant;
  const nowMs = epochMs(now);
  const opens = server.opens(account);
  const isThere = server.accounts.has(account);
  // Nothing is lent that was not approved, by as many as the policy wants, none of them its requester.
  must(!approvals.includes("engineer"), "its requester approved it", grant);
  must(new Set(approvals).size >= (grant.level === "write" ? 2 : 1), "lent without approval", grant);
  const isTold = endedBy === undefined || endedBy === "expiry" || state === "quarantined";
  if (endsAt && isTold && nowMs >= epochMs(endsAt)) must(!opens, "G1: a login after the end", grant);
  if (state === "planned") must(!isThere, "G7: an account before its intent", grant);
  if (state === "revoked") must(!isThere, "G6: revoked but present", grant);
  if (state === "active" && server.isUp && nowMs < epochMs(databaseEndsAt))
    must(opens, "G7: closed before the end", grant);
  const toldMs = server.accounts.get(account)?.plan.expiresAtMs ?? 0;
  if (endsAt && endedBy === undefined)
    must(toldMs <= epochMs(endsAt), "G1: the database was told a later end", grant);
}

/** What has to hold of one that is not over, so long after everything was up again at `backAt`. */
export function mustBeInTime(grant: Grant, backAt: Instant, now: Instant): void {
  const { state, failure, endsAt = now } = grant;
  const sinceMs = epochMs(now) - Math.max(epochMs(backAt), epochMs(endsAt));
  must(sinceMs <= droppedAfterMs, "G4: not ended 5 minutes after everything was up again", grant);
  must(
    sinceMs <= visibleAfterMs || state !== "revoking" || failure !== undefined,
    "G6: late, and nothing says why",
    grant,
  );
}

/** What has to hold after the sweeper came by. */
export function mustBeTold(grant: Grant, now: Instant): void {
  must(!isOverdue(grant, now), "G6: overdue, and nobody was told", grant);
}

export function must(holds: boolean, what: string, grant: Grant | undefined): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(grant)}`);
}
