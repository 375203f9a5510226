import { z } from "zod";
import { minutesBetween } from "../kernel/clock.ts";
import { alarmed, illegalMove, isLive, isOverdue } from "./grant.ts";
import { type AlarmCause, alarmCauses } from "./grant.view.ts";
import { grantMove, moveTarget } from "./grant-move.ts";

/** Tells administrators what must not stay unseen (G6): each cause once for a grant. The state stays as it is. */
export const alarmGrant = grantMove(
  "grant.alarm",
  z.strictObject({
    ...moveTarget,
    cause: z.enum(alarmCauses),
    message: z.string().min(1).max(1000),
    /** Of its instance, noticed together with this one; one mail tells of them all, the rest is quiet. */
    others: z.number().int().min(0).default(0),
    quiet: z.boolean().default(false),
  }),
  (ctx, grant, { cause, message, others, quiet }) => {
    const now = ctx.clock.now();
    if (grant.alarms?.[cause]) throw illegalMove(grant, "raise the same alarm again");
    if (!isTrueOf(cause)) throw illegalMove(grant, `be alarming as ${cause}`);
    ctx.log.error("alarm", { cause, grantId: grant.id, instanceId: grant.database.instance.id });
    return {
      next: alarmed(grant, cause, now),
      outcome: "failed",
      data: {
        cause,
        message,
        account: grant.account,
        others,
        quiet,
        minutesLate: grant.endsAt && now > grant.endsAt ? Math.floor(minutesBetween(grant.endsAt, now)) : 0,
      },
    };

    function isTrueOf(one: AlarmCause): boolean {
      switch (one) {
        case "not-revoked":
          return isOverdue(grant, now);
        case "missing":
        case "altered":
          return grant.state === "active";
        case "reappeared":
          return !isLive(grant);
      }
    }
  },
);
