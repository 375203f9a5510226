import { savingGrant } from "../grant/grant.store.ts";
import { type Grant, moved } from "../grant/grant.ts";
import type { Context } from "../kernel/context.ts";
import type { Write } from "../kernel/table.ts";
import { currentStep } from "./approval-of.ts";
import { passing } from "./inbox.store.ts";
import { closingRequest } from "./open-requests.store.ts";
import { savingRequest } from "./request.store.ts";
import type { AccessRequest } from "./request.ts";

/** The writes that take a pending request out of the world: inbox, quota, and the mark on the grant it would extend. */
export function closing(ctx: Context, before: AccessRequest, next: AccessRequest, extended?: Grant): Write[] {
  return [
    savingRequest(ctx, next),
    ...passing(ctx, before, currentStep(before), undefined),
    closingRequest(ctx, before.requester.id),
    ...(extended && isMarked(extended, before) ? [savingGrant(ctx, unmarked(extended))] : []),
  ];
}

function isMarked(grant: Grant, request: AccessRequest): boolean {
  return grant.state !== "revoked" && grant.pendingExtensionId === request.id;
}

function unmarked(grant: Grant): Grant {
  return moved(grant, grant.state, { pendingExtensionId: undefined });
}
