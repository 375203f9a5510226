import { z } from "zod";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { loadCatalog } from "./catalog.store.ts";
import { failInspection } from "./fail-inspection.ts";
import type { InspectionContext } from "./inspection.port.ts";
import { savingInspection } from "./inspection.store.ts";
import { begunInspection, isRunning } from "./inspection.ts";
import { presentInstances } from "./present-instances.ts";

/** Begins the connection test and the reading of the schemas; the broker of the instance's network does the rest. */
export const inspectInstance = operation({
  name: "instance.inspect",
  input: z.strictObject({ id: idSchema("instance") }),
  load: async (ctx: InspectionContext, { id }) => {
    const catalog = await loadCatalog(ctx);
    const instance = catalog.instances.get(id);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, catalog, instance };
  },
  decide: async (ctx, { id }, { catalog, instance }) => {
    const now = ctx.clock.now();
    const before = catalog.inspections.get(id);
    if (isRunning(before, now)) {
      throw conflict("inspection.running", "This instance is being inspected right now.");
    }
    const run = ctx.ids.ulid();
    const inspection = begunInspection(before, id, run, now);
    const next = { ...catalog, inspections: new Map([...catalog.inspections, [id, inspection]]) };
    const [result] = await presentInstances(ctx, next, [instance]);
    if (!result) throw notFound("instance");
    return {
      result,
      writes: [savingInspection(ctx, inspection)],
      event: { subjectId: id, data: { name: instance.name, run } },
      after: () => start(ctx, instance, `${id}-${run}`),
    };
  },
});

async function start(
  ctx: InspectionContext,
  instance: Parameters<InspectionContext["workflows"]["startInspection"]>[0],
  executionName: string,
): Promise<void> {
  try {
    await ctx.workflows.startInspection(instance, executionName);
  } catch (error) {
    const system = { ...ctx, actor: { kind: "system", name: "workflow" } as const };
    await failInspection(system, instance.id, "The inspection could not be started; try again.");
    throw error;
  }
}
