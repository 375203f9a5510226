import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import { listNetworks } from "./network.store.ts";
import { viewOfNetwork } from "./network.ts";

/** All networks, by name. */
export const listAllNetworks = operation({
  name: "network.list",
  input: z.strictObject({}),
  load: async (ctx: Context) => ({ facts: { what: "network" }, networks: await listNetworks(ctx) }),
  decide: (_ctx, _input, { networks }) => ({
    result: {
      items: networks.toSorted((one, other) => one.name.localeCompare(other.name, "en")).map(viewOfNetwork),
    },
  }),
});
