import { minutesBetween } from "../kernel/clock.ts";
import type { AuditEvent } from "../kernel/event.ts";
import type { MailContext } from "./mail.ts";
import { noticesOf } from "./notices.ts";
import { claimMail, releaseMail, settleMail } from "./sent.store.ts";

/** Writes to those whom an event concerns; repeating it sends nothing twice. What is a day old is no news any more,
 * whatever a replayed stream says.
 * @throws what the mail or the table threw, once all others have been written to. */
export async function notify(ctx: MailContext, event: AuditEvent): Promise<number> {
  if (minutesBetween(event.at, ctx.clock.now()) > 1440) return 0;
  const notices = await noticesOf(ctx, event);
  let count = 0;
  let failure: { error: unknown } | undefined;
  for (const [index, { letter, to }] of notices.entries()) {
    for (const user of to) {
      const sending = { eventId: event.id, userId: user.id, letter: index };
      try {
        if ((await claimMail(ctx, sending)) === "sent") continue;
        await sendClaimed(ctx, sending, { to: user.email, ...letter });
        count += 1;
      } catch (error) {
        failure = { error };
      }
    }
  }
  if (failure) throw failure.error;
  return count;
}

async function sendClaimed(
  ctx: MailContext,
  sending: Parameters<typeof claimMail>[1],
  mail: Parameters<MailContext["mail"]["send"]>[0],
): Promise<void> {
  try {
    await ctx.mail.send(mail);
  } catch (error) {
    await releaseMail(ctx, sending);
    throw error;
  }
  await settleMail(ctx, sending);
}
