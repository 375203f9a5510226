import {
  BadRequestException,
  MessageRejected,
  type SESv2Client,
  SendEmailCommand,
} from "@aws-sdk/client-sesv2";
import type { Log } from "@daypass/core/kernel/context.ts";
import type { Mail } from "@daypass/core/notification/mail.ts";

/** Hands a mail to SES as structured content: no header is ever put together from text. One that SES will never take
 * is reported and dropped, so that it does not hold up the others. */
export async function sendMail(
  client: SESv2Client,
  log: Log,
  from: string,
  { to, subject, text }: Mail,
): Promise<void> {
  const content = (Data: string) => ({ Data, Charset: "UTF-8" });
  try {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: content(subject), Body: { Text: content(text) } } },
      }),
    );
  } catch (error) {
    if (!(error instanceof MessageRejected || error instanceof BadRequestException)) throw error;
    log.warn("mail refused", { reason: error.name });
  }
}
