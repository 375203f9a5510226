import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { listEnvironments } from "./environment.store.ts";
import { byRank, viewOfEnvironment } from "./environment.ts";

/** All environments, lowest first. */
export const listAllEnvironments = operation({
  name: "environment.list",
  input: z.strictObject({}),
  load: async (ctx: Context) => ({
    facts: { what: "environment" },
    environments: await listEnvironments(ctx),
  }),
  decide: (_ctx, _input, { environments }) => ({
    result: { items: environments.toSorted(byRank).map(viewOfEnvironment) },
  }),
});
