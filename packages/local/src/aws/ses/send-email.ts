import { randomUUID } from "node:crypto";
import { region } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import { jsonOperation } from "../server/json-operation.ts";
import { jsonService, type Service } from "../server/service.ts";
import { addressIn, type Mail, recipientsOf } from "./mail.ts";
import type { Mailbox } from "./mailbox.ts";
import { readRawHeaders } from "./raw-message.ts";
import { sendEmailInput } from "./send-email.input.ts";

const mostRecipients = 50;
const maximumMessageBytes = 40 * 1_048_576;

/** SESv2 SendEmail, into the mailbox. `verifiedSenders` are addresses and domains that may send; undefined: all. */
export function emailService(
  mailbox: Mailbox,
  clock: Clock,
  verifiedSenders: readonly string[] | undefined,
): Service {
  return jsonService({
    SendEmail: jsonOperation(
      sendEmailInput,
      (input) => {
        const { Simple: simple, Raw: raw } = input.Content;
        if ((simple === undefined) === (raw === undefined))
          throw bad("Exactly one of Simple and Raw must be given.");
        const destination = {
          to: input.Destination?.ToAddresses ?? [],
          cc: input.Destination?.CcAddresses ?? [],
          bcc: input.Destination?.BccAddresses ?? [],
        };
        const base = {
          id: `${clock.now().toString(16).padStart(16, "0")}-${randomUUID()}-000000`,
          acceptedMs: clock.now(),
          replyTo: input.ReplyToAddresses,
          tags: input.EmailTags,
        };
        let mail: Mail;
        if (raw !== undefined) {
          const source = Buffer.from(raw.Data, "base64").toString("utf8");
          const headers = readRawHeaders(source);
          if (headers === undefined) throw bad("The raw message has no valid header block.");
          const to = input.Destination === undefined ? headers : destination;
          const { to: shownTo, cc, bcc } = to;
          const from = input.FromEmailAddress ?? headers.from;
          mail = { ...base, from, to: shownTo, cc, bcc, subject: headers.subject, source, headers: [] };
        } else {
          const { Subject, Body, Headers } = simple ?? { Subject: { Data: "" }, Body: {}, Headers: [] };
          if (Body.Text === undefined && Body.Html === undefined)
            throw bad("The body has neither text nor HTML.");
          mail = {
            ...base,
            ...destination,
            from: input.FromEmailAddress ?? "",
            subject: Subject.Data,
            text: Body.Text?.Data,
            html: Body.Html?.Data,
            headers: Headers,
          };
        }
        check(mail, verifiedSenders);
        mailbox.add(mail);
        return { MessageId: mail.id };
      },
      "BadRequestException",
    ),
  });
}

function check(mail: Mail, verifiedSenders: readonly string[] | undefined): void {
  const sender = addressIn(mail.from)?.toLowerCase();
  if (sender === undefined) throw bad("Missing required header 'From'.");
  const recipients = recipientsOf(mail);
  if (recipients.length === 0) throw bad("Missing required header 'To'.");
  if (recipients.length > mostRecipients) throw bad(`Recipient count exceeds ${mostRecipients}.`);
  if ([...recipients, ...mail.replyTo].some((one) => addressIn(one) === undefined))
    throw bad("Illegal address");
  const size = [mail.subject, mail.text, mail.html, mail.source].reduce(
    (sum, part) => sum + Buffer.byteLength(part ?? ""),
    0,
  );
  if (size > maximumMessageBytes) throw bad(`Message length is more than ${maximumMessageBytes} bytes long.`);
  const domain = sender.slice(sender.lastIndexOf("@") + 1);
  if (
    verifiedSenders !== undefined &&
    !verifiedSenders.some((one) => [sender, domain].includes(one.toLowerCase()))
  ) {
    throw new AwsError(
      "MessageRejected",
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${sender}`,
    );
  }
}

function bad(message: string): AwsError {
  return new AwsError("BadRequestException", message);
}
