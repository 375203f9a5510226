import { z } from "zod";

const maximumValueBytes = 65_536;

export const secretId = z.string().min(1).max(2048);
export const secretName = z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, "Member must be a valid name");
export const versionId = z.string().min(32).max(64);
export const stage = z.string().min(1).max(256);
export const description = z.string().max(2048);
/** 64 KiB, counted in bytes. The value never enters a message. */
export const value = {
  SecretString: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) <= maximumValueBytes,
      `Member must have length less than or equal to ${maximumValueBytes}`,
    )
    .optional(),
  SecretBinary: z
    .base64()
    .refine(
      (text) => Buffer.byteLength(text, "base64") <= maximumValueBytes,
      `Member must have length less than or equal to ${maximumValueBytes}`,
    )
    .optional(),
};
