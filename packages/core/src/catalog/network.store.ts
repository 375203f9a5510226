import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key, putting, type Write } from "../kernel/table.ts";
import type { Network } from "./network.ts";

type Reads = Pick<Context, "table">;
const kind = "network";

const networks = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "network", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          id: { type: "string", required: true },
          network: { type: "any", required: true },
        },
        indexes: { byId: { pk: key("pk", ["kind"]), sk: key("sk", ["id"]) } },
      },
      options,
    ),
);

export async function findNetwork(ctx: Reads, id: Id<"network">): Promise<Network | undefined> {
  const { data } = await networks(ctx).get({ kind, id }).go({ consistent: true });
  return data?.network as Network | undefined;
}

export async function listNetworks(ctx: Reads): Promise<Network[]> {
  const { data } = await networks(ctx).query.byId({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.network as Network);
}

export function creatingNetwork(ctx: Reads, network: Network): Write {
  const params = networks(ctx).create({ kind, id: network.id, network }).params();
  return putting(params, () => conflict("network.exists", "This network exists already."));
}
