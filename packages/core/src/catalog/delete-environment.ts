import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { deletingEnvironment, environmentChanged, findEnvironment } from "./environment.store.ts";
import { releasingName } from "./name.store.ts";

/** Refused with `environment.in-use` while an instance is in it. */
export const deleteEnvironment = operation({
  name: "environment.delete",
  input: z.strictObject({ id: idSchema("environment"), version: z.coerce.number().int() }),
  load: async (ctx: Context, { id }) => {
    const environment = await findEnvironment(ctx, id);
    if (!environment) throw notFound("environment");
    return { facts: { what: "environment" }, environment };
  },
  decide: (ctx, { id, version }, { environment }) => {
    if (environment.version !== version) throw environmentChanged();
    return {
      result: null,
      writes: [
        deletingEnvironment(ctx, environment),
        releasingName(ctx, "environment", environment.name, id),
      ],
      event: { subjectId: id, data: { name: environment.name } },
    };
  },
});
