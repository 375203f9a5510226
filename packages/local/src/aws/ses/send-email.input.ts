import { z } from "zod";

const addresses = z.array(z.string().min(1).max(320)).max(50).default([]);
const content = z.strictObject({
  Data: z.string(),
  Charset: z
    .string()
    .regex(/^utf-?8$/i, "only UTF-8 is supported on one machine")
    .optional(),
});
const header = z.strictObject({
  Name: z.string().regex(/^[!-9;-~]{1,126}$/),
  Value: z
    .string()
    .min(1)
    .max(870)
    .regex(/^[^\r\n]*$/),
});

export const sendEmailInput = z.strictObject({
  FromEmailAddress: z.string().min(1).max(320).optional(),
  Destination: z
    .strictObject({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })
    .optional(),
  ReplyToAddresses: addresses,
  EmailTags: z
    .array(
      z.strictObject({
        Name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
        Value: z.string().regex(/^[A-Za-z0-9_.@-]{1,256}$/),
      }),
    )
    .max(50)
    .default([]),
  Content: z.strictObject({
    Simple: z
      .strictObject({
        Subject: z.strictObject({ ...content.shape, Data: z.string().regex(/^[^\r\n]*$/) }),
        Body: z.strictObject({ Text: content.optional(), Html: content.optional() }),
        Headers: z.array(header).max(15).default([]),
      })
      .optional(),
    Raw: z.strictObject({ Data: z.base64() }).optional(),
  }),
});
