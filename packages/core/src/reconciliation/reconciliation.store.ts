import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";
import type { Reconciliation } from "./reconciliation.ts";

type Reads = Pick<Context, "table">;
const kind = "reconciliation";

/** One for each instance: the last. */
const reconciliations = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "reconciliation", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          instanceId: { type: "string", required: true },
          version: { type: "number", required: true },
          reconciliation: { type: "any", required: true },
        },
        indexes: { byInstance: { pk: key("pk", ["kind"]), sk: key("sk", ["instanceId"]) } },
      },
      options,
    ),
);

export async function findReconciliation(
  ctx: Reads,
  instanceId: Id<"instance">,
): Promise<Reconciliation | undefined> {
  const { data } = await reconciliations(ctx).get({ kind, instanceId }).go({ consistent: true });
  return data?.reconciliation as Reconciliation | undefined;
}

/** Of all instances; each has at most one. */
export async function listReconciliations(ctx: Reads): Promise<Map<Id<"instance">, Reconciliation>> {
  const { data } = await reconciliations(ctx)
    .query.byInstance({ kind })
    .go({ consistent: true, pages: "all" });
  return new Map(data.map((row) => [row.instanceId as Id<"instance">, row.reconciliation as Reconciliation]));
}

/** The first of an instance, or the next if nobody began or finished one since it was read. */
export function savingReconciliation(ctx: Reads, next: Reconciliation): Write {
  const { instanceId, version } = next;
  const row = { kind, instanceId, version, reconciliation: next };
  const params =
    version === 1
      ? reconciliations(ctx).create(row).params()
      : reconciliations(ctx)
          .put(row)
          .where((stored, { eq }) => eq(stored.version, version - 1))
          .params();
  return putting(params, reconciliationChanged);
}

export function deletingReconciliation(ctx: Reads, instanceId: Id<"instance">): Write {
  return deleting(reconciliations(ctx).delete({ kind, instanceId }).params(), reconciliationChanged);
}

export function reconciliationChanged(): DomainError {
  return conflict("reconciliation.changed", "Another comparison of this instance came first.");
}
