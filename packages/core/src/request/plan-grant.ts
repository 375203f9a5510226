import { accountName, type Grant, grantIdOf, secretNameOf } from "../grant/grant.ts";
import type { Instant } from "../kernel/clock.ts";
import type { AccessRequest } from "./request.ts";

/** The grant that an approved request becomes: account, secret and what is needed to take them back are on record
 * before anything is touched. */
export function planGrant(request: AccessRequest, stack: string, now: Instant): Grant {
  const id = grantIdOf(request.id);
  return {
    id,
    story: request.story,
    requestId: request.id,
    state: "planned",
    version: 1,
    holder: request.requester,
    database: request.database,
    networkId: request.networkId,
    level: request.level,
    scope: request.scope,
    account: accountName(id),
    secretName: secretNameOf(stack, id),
    durationMinutes: request.approvedDurationMinutes ?? request.durationMinutes,
    maxTotalMinutes: request.maxTotalMinutes,
    createdAt: now,
  };
}
