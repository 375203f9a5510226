import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { creatingEnvironment, listEnvironments } from "./environment.store.ts";
import { type Environment, environmentFields, viewOfEnvironment } from "./environment.ts";
import { claimingName } from "./name.store.ts";

const environmentLimit = 50;

export const createEnvironment = operation({
  name: "environment.create",
  input: z.strictObject(environmentFields),
  load: async (ctx: Context) => ({
    facts: { what: "environment" },
    count: (await listEnvironments(ctx)).length,
  }),
  decide: (ctx, fields, { count }) => {
    if (count >= environmentLimit) {
      throw conflict("environment.too-many", `There are ${environmentLimit} environments already.`);
    }
    const environment: Environment = { id: newId("environment", ctx.ids), ...fields, version: 1 };
    return {
      result: viewOfEnvironment(environment),
      writes: [
        claimingName(ctx, "environment", environment.name, environment.id),
        creatingEnvironment(ctx, environment),
      ],
      event: { subjectId: environment.id, data: { ...fields } },
    };
  },
});
