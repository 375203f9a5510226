import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from "@aws-sdk/client-sesv2";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf } from "../../aws/aws-under-test.ts";

let aws: Aws;
let client: SESv2Client;
beforeAll(async () => {
  aws = await startAws({ verifiedSenders: ["example.com"] });
  client = new SESv2Client(clientOf(aws, "SESV2"));
});
afterAll(() => aws.close());

const mailOf = (more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: "Daypass <daypass@example.com>",
  Destination: { ToAddresses: ["lead@example.com"] },
  Content: { Simple: { Subject: { Data: "A subject" }, Body: { Text: { Data: "A text" } } } },
  ...more,
});
const send = (more: Partial<SendEmailCommandInput> = {}) => client.send(new SendEmailCommand(mailOf(more)));
const read = async (path: string) => {
  const answer = await fetch(`${aws.url}${path}`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe("sending", () => {
  test("a mail is in the mailbox of everyone it was sent to", async () => {
    const { MessageId } = await send({
      Destination: {
        ToAddresses: ["Ann Example <ann@example.com>"],
        CcAddresses: ["ben@example.com"],
        BccAddresses: ["cem@example.com"],
      },
    });
    for (const address of ["ann@example.com", "BEN@example.com", "cem@example.com"]) {
      const { messages } = JSON.parse((await read(`/mailbox/messages?to=${address}`)).text) as {
        messages: { id: string; subject: string; text: string }[];
      };
      expect(messages).toMatchObject([{ id: MessageId, subject: "A subject", text: "A text" }]);
    }
    expect(JSON.parse((await read("/mailbox/messages?to=dan@example.com")).text)).toEqual({ messages: [] });
    expect(JSON.parse((await read(`/mailbox/messages/${MessageId}`)).text)).toMatchObject({ id: MessageId });
    expect((await read("/mailbox/messages/none")).status).toBe(404);
  });

  test("a raw message is read for its people and subject", async () => {
    const source = [
      'From: "Day, Pass" <daypass@example.com>',
      'To: "Lead, Team" <lead@example.com>,',
      " ann@example.com",
      "Subject: =?utf-8?B?R3LDvMOfZQ==?=",
      "",
      "Body",
    ].join("\r\n");
    const { MessageId } = await client.send(
      new SendEmailCommand({ Content: { Raw: { Data: Buffer.from(source) } } }),
    );
    expect(JSON.parse((await read(`/mailbox/messages/${MessageId}`)).text)).toMatchObject({
      from: '"Day, Pass" <daypass@example.com>',
      to: ['"Lead, Team" <lead@example.com>', "ann@example.com"],
      subject: "Grüße",
      source,
    });
  });

  test("a sender that is not verified is rejected", async () => {
    await expect(send({ FromEmailAddress: "who@example.org" })).rejects.toMatchObject({
      name: "MessageRejected",
      message: expect.stringContaining("not verified"),
    });
  });

  test.each<[string, Partial<SendEmailCommandInput>]>([
    ["nobody to send to", { Destination: {} }],
    ["an address that is none", { Destination: { ToAddresses: ["nobody"] } }],
    [
      "an address with a line break",
      { Destination: { ToAddresses: ["a@example.com\r\nBcc: b@example.com"] } },
    ],
    [
      "51 recipients",
      {
        Destination: {
          ToAddresses: Array.from({ length: 26 }, (_, i) => `a${i}@example.com`),
          CcAddresses: Array.from({ length: 25 }, (_, i) => `b${i}@example.com`),
        },
      },
    ],
    ["no body", { Content: { Simple: { Subject: { Data: "x" }, Body: {} } } }],
    ["no content", { Content: {} }],
  ])("%s is refused", async (_, more) => {
    await expect(send(more)).rejects.toMatchObject({ name: "BadRequestException" });
  });

  test("a subject with a line break, and a template, are refused", async () => {
    const subject = { Simple: { Subject: { Data: "a\nBcc: x@example.com" }, Body: { Text: { Data: "x" } } } };
    await expect(send({ Content: subject })).rejects.toMatchObject({ name: "BadRequestException" });
    const template = { Template: { TemplateName: "t", TemplateData: "{}" } };
    await expect(send({ Content: template })).rejects.toMatchObject({ name: "BadRequestException" });
  });

  test("being throttled has SES's own name", async () => {
    aws.faults.set("sesv2", [{ fault: "throttling", times: 1 }]);
    const once = new SESv2Client({ ...clientOf(aws, "SESV2"), maxAttempts: 1 });
    await expect(once.send(new SendEmailCommand(mailOf()))).rejects.toMatchObject({
      name: "TooManyRequestsException",
    });
  });
});

describe("the mailbox page", () => {
  test("shows what was sent as text, whatever it holds, and lets no script run", async () => {
    const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
    const { MessageId = "" } = await send({
      Destination: { ToAddresses: ["lead@example.com"] },
      Content: {
        Simple: {
          Subject: { Data: attack },
          Body: {
            Text: {
              Data: `${attack} see http://127.0.0.1:4400/a?b=1&c="onmouseover=alert(3) or javascript:alert(4)`,
            },
            Html: { Data: attack },
          },
        },
      },
    });
    for (const path of ["/mailbox", `/mailbox/${MessageId}`]) {
      const { text, headers } = await read(path);
      expect(text).toContain("&lt;script&gt;");
      expect(text).not.toMatch(/<script|<img|<[^>]*\son\w+=/i);
      expect(text).not.toMatch(/href="(?!\/mailbox|https?:\/\/)/);
      expect(headers.get("content-security-policy")).toMatch(/default-src 'none'/);
      expect(headers.get("content-security-policy")).not.toMatch(/script-src|unsafe/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect((await read(`/mailbox/${MessageId}`)).text).toContain('href="http://127.0.0.1:4400/a?b=1&amp;c="');
    expect((await read("/mailbox/none")).status).toBe(404);
  });
});
