import { findNetwork } from "@daypass/core/catalog/network.store.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import type { NetworkSettings } from "./environment.ts";

/** Finds what the deployment has for a network of the catalogue: by its id, else by its name, which never changes.
 * @throws DomainError unavailable `network.not-deployed`. */
export function deployedNetworks(settings: readonly NetworkSettings[]) {
  const known = new Map<Id<"network">, NetworkSettings>();
  for (const network of settings) if (network.id) known.set(network.id, network);
  return async (ctx: Pick<Context, "table">, id: Id<"network">): Promise<NetworkSettings> => {
    const remembered = known.get(id);
    if (remembered) return remembered;
    const record = await findNetwork(ctx, id);
    const found = settings.find((network) => network.name === record?.name);
    if (!found) {
      throw new DomainError(
        "unavailable",
        "network.not-deployed",
        "This network has no broker in the deployment.",
      );
    }
    known.set(id, found);
    return found;
  };
}
