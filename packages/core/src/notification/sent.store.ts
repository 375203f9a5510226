import { Entity } from "electrodb";
import { epochMs, plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { commitAll, entity, key, putting, updating } from "../kernel/table.ts";

type Writes = Pick<Context, "table" | "clock">;
export type Sending = { eventId: Id<"event">; userId: Id<"user">; letter: number };

/** Which mails are out. A claim that was not settled within minutes was lost with its process and may be taken over:
 * a mail is rather sent twice than not at all. */
const sent = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "sent", version: "1", service: "daypass" },
        attributes: {
          eventId: { type: "string", required: true },
          userId: { type: "string", required: true },
          letter: { type: "number", required: true },
          status: { type: ["claimed", "sent"] as const, required: true },
          claimedUntil: { type: "string", required: true },
          expiresAtSeconds: { type: "number", required: true },
        },
        indexes: { byEvent: { pk: key("pk", ["eventId"]), sk: key("sk", ["userId", "letter"]) } },
      },
      options,
    ),
);

/** "claimed": send it; "sent": it is out already.
 * @throws DomainError unavailable `mail.in-flight` while another process is at it. */
export async function claimMail(ctx: Writes, sending: Sending): Promise<"claimed" | "sent"> {
  const now = ctx.clock.now();
  const { data } = await sent(ctx)
    .get({ ...sending })
    .go({ consistent: true });
  if (data?.status === "sent") return "sent";
  const row = {
    ...sending,
    status: "claimed" as const,
    claimedUntil: plusMinutes(now, 2) as string,
    expiresAtSeconds: Math.ceil(epochMs(now) / 1000) + 7 * 86_400,
  };
  const params = sent(ctx)
    .put(row)
    .where(
      ({ status, claimedUntil }, { eq, lt, notExists }) =>
        `${notExists(status)} OR (${eq(status, "claimed")} AND ${lt(claimedUntil, now as string)})`,
    )
    .params();
  await commitAll(ctx, [
    putting(params, () => new DomainError("unavailable", "mail.in-flight", "This mail is being sent.")),
  ]);
  return "claimed";
}

export async function settleMail(ctx: Writes, sending: Sending): Promise<void> {
  const params = sent(ctx).patch(sending).set({ status: "sent" }).params();
  await commitAll(ctx, [updating(params, () => conflict("mail.unclaimed", "This mail was not claimed."))]);
}

/** Gives the claim back after a failure, so that the next attempt need not wait. */
export async function releaseMail(ctx: Writes, sending: Sending): Promise<void> {
  const params = sent(ctx)
    .patch(sending)
    .set({ claimedUntil: plusMinutes(ctx.clock.now(), -1) as string })
    .params();
  await commitAll(ctx, [updating(params, () => conflict("mail.unclaimed", "This mail was not claimed."))]);
}
