import type { Catalog } from "../catalog/catalog.store.ts";
import type { Instance } from "../catalog/instance.ts";
import type { Instant } from "../kernel/clock.ts";
import { type Reconciliation, viewOfReconciliation } from "./reconciliation.ts";
import type { ReconciliationView } from "./reconciliation.view.ts";

/** With the instance it belongs to; undefined when its environment went in this very moment. */
export function presentReconciliation(
  { environments }: Pick<Catalog, "environments">,
  { id, name, engine, environmentId }: Instance,
  reconciliation: Reconciliation | undefined,
  nextAt: Instant | undefined,
  now: Instant,
): ReconciliationView | undefined {
  const environment = environments.get(environmentId);
  if (!environment) return undefined;
  return {
    instance: { id, name, engine },
    environment: { id: environment.id, name: environment.name, protected: environment.protected },
    ...viewOfReconciliation(reconciliation, nextAt, now),
  };
}
