import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { nameSchema } from "./environment.ts";
import { claimingName } from "./name.store.ts";
import { creatingNetwork, listNetworks } from "./network.store.ts";
import { type Network, viewOfNetwork } from "./network.ts";

const networkLimit = 50;

/** Records a network; its broker and runner come with the deployment. */
export const createNetwork = operation({
  name: "network.create",
  input: z.strictObject({ name: nameSchema }),
  load: async (ctx: Context) => ({ facts: { what: "network" }, count: (await listNetworks(ctx)).length }),
  decide: (ctx, { name }, { count }) => {
    if (count >= networkLimit) {
      throw conflict("network.too-many", `There are ${networkLimit} networks already.`);
    }
    const network: Network = { id: newId("network", ctx.ids), name, version: 1 };
    return {
      result: viewOfNetwork(network),
      writes: [claimingName(ctx, "network", name, network.id), creatingNetwork(ctx, network)],
      event: { subjectId: network.id, data: { name } },
    };
  },
});
