import type { Context } from "@daypass/core/kernel/context.ts";
import { operation } from "@daypass/core/kernel/operation.ts";
import type { Write } from "@daypass/core/kernel/table.ts";
import { z } from "zod";

/** A mistake on purpose: it writes, and leaves no trace in the audit trail. */
export const endQuietly = operation({
  name: "grant.end",
  input: z.strictObject({}),
  load: async (_ctx: Context) => ({ facts: {} }),
  decide: () => ({ result: null, writes: [] as Write[] }),
});
