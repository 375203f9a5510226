import { invalid } from "../kernel/errors.ts";
import type { Catalog } from "./catalog.store.ts";
import type { Instance } from "./instance.ts";

/** @throws DomainError invalid `instance.unknown-environment` or `instance.unknown-network`. */
export function refuseUnknownPlace(
  catalog: Pick<Catalog, "environments" | "networks">,
  { environmentId, networkId }: Pick<Instance, "environmentId" | "networkId">,
): void {
  if (!catalog.environments.has(environmentId)) {
    throw invalid("instance.unknown-environment", "There is no such environment.");
  }
  if (!catalog.networks.has(networkId)) {
    throw invalid("instance.unknown-network", "There is no such network.");
  }
}
