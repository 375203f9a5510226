import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import type { SweeperView } from "./grant.view.ts";
import { findLastSweep } from "./sweep.store.ts";

/** Whether the third layer of every grant is alive. */
export const readSweeper = operation({
  name: "sweeper.read",
  input: z.strictObject({}),
  load: async (ctx: Context) => ({ facts: { what: "sweeper" }, sweptAt: await findLastSweep(ctx) }),
  decide: (_ctx, _input, { sweptAt }): { result: SweeperView } => ({ result: { sweptAt: sweptAt ?? null } }),
});
