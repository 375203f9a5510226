import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { refuseGrantSecret } from "./administrator-secret.ts";
import { type Catalog, loadCatalog } from "./catalog.store.ts";
import { countingInstance } from "./environment.store.ts";
import { creatingInstance } from "./instance.store.ts";
import { type Instance, instanceFields } from "./instance.ts";
import { claimingName } from "./name.store.ts";
import { refuseUnknownPlace } from "./place.ts";
import { presentInstances } from "./present-instances.ts";

const instanceLimit = 500;

/** Registers a server by the name of its administrator's secret. Nothing is asked of it before it is inspected. */
export const createInstance = operation({
  name: "instance.create",
  input: z.strictObject(instanceFields),
  load: async (ctx: Context) => ({ facts: { what: "instance" }, catalog: await loadCatalog(ctx) }),
  decide: async (ctx, fields, { catalog }) => {
    refuseUnknownPlace(catalog, fields);
    refuseGrantSecret(ctx.settings, fields.secretName);
    if (catalog.instances.size >= instanceLimit) {
      throw conflict("instance.too-many", `There are ${instanceLimit} instances already.`);
    }
    const instance: Instance = { id: newId("instance", ctx.ids), ...fields, version: 1 };
    const [result] = await presentInstances(ctx, withInstance(catalog, instance), [instance]);
    if (!result) throw conflict("instance.changed", "Its environment or network went in this moment.");
    return {
      result,
      writes: [
        claimingName(ctx, "instance", instance.name, instance.id),
        creatingInstance(ctx, instance),
        countingInstance(ctx, instance.environmentId, 1),
      ],
      event: {
        subjectId: instance.id,
        data: {
          name: instance.name,
          engine: instance.engine,
          environment: result.environment.name,
          network: result.network.name,
          secretName: instance.secretName,
          ...(instance.host ? { host: instance.host } : {}),
          tls: instance.tls,
        },
      },
    };
  },
});

export function withInstance(catalog: Catalog, instance: Instance): Catalog {
  return { ...catalog, instances: new Map([...catalog.instances, [instance.id, instance]]) };
}
