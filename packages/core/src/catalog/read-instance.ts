import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { loadCatalog } from "./catalog.store.ts";
import { presentInstances } from "./present-instances.ts";

export const readInstance = operation({
  name: "instance.read",
  input: z.strictObject({ id: idSchema("instance") }),
  load: async (ctx: Context, { id }) => {
    const catalog = await loadCatalog(ctx);
    const instance = catalog.instances.get(id);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, catalog, instance };
  },
  decide: async (ctx, _input, { catalog, instance }) => {
    const [result] = await presentInstances(ctx, catalog, [instance]);
    if (!result) throw notFound("instance");
    return { result };
  },
});
