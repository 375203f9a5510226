import type { Context } from "@daypass/core/kernel/context.ts";
import { operation } from "@daypass/core/kernel/operation.ts";
import { z } from "zod";

/** A mistake on purpose: nobody said who may do this. */
export const openEverything = operation({
  name: "everything.open",
  input: z.strictObject({}),
  load: async (_ctx: Context) => ({ facts: {} }),
  decide: () => ({ result: null }),
});
