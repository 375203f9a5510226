import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { TimerContext } from "@daypass/core/grant/timer.port.ts";

/** A mistake on purpose: nobody waits for the operation, so that its refusal is lost. */
export async function endWithoutWaiting(ctx: TimerContext, id: string): Promise<void> {
  endGrant(ctx, { id });
}
