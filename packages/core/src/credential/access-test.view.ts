import { z } from "zod";

/** What came of logging in as the account of a grant from inside its network. */
export const accessTestView = z
  .discriminatedUnion("ok", [
    z.strictObject({
      ok: z.literal(true),
      serverVersion: z.string(),
      /** From the first packet to the first answer, in milliseconds. */
      latencyMs: z.number().int(),
    }),
    z.strictObject({
      ok: z.literal(false),
      reason: z.enum(["not-active", "secret", "unreachable", "authentication", "other"]),
      /** One sentence that is fit to show: names servers and accounts, never a password. */
      message: z.string(),
    }),
  ])
  .meta({ id: "AccessTest" });
export type AccessTestView = z.output<typeof accessTestView>;
