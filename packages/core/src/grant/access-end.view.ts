import { z } from "zod";

/** What a kill switch answers. The order stands from its first moment, whatever these say. */
export const endedView = z.strictObject({
  ended: z.number().int().meta({ description: "Grants that were ended before this answer" }),
  left: z.number().int().meta({
    description:
      "Grants that still are to be ended: they get no account any more, and are being ended without another call",
  }),
});

export type EndedView = z.output<typeof endedView>;
