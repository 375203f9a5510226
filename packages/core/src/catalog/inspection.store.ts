import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { readBatch } from "../kernel/read-batch.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";
import type { CheckView } from "./catalog.view.ts";
import type { Inspection } from "./inspection.ts";

type Reads = Pick<Context, "table">;
const kind = "inspection";

/** One for each instance: the last. */
const inspections = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "inspection", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          instanceId: { type: "string", required: true },
          version: { type: "number", required: true },
          inspection: { type: "any", required: true },
        },
        indexes: { byInstance: { pk: key("pk", ["kind"]), sk: key("sk", ["instanceId"]) } },
      },
      options,
    ),
);

const instanceChecks = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "checks", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          checks: { type: "any", required: true },
        },
        indexes: { byInstance: { pk: key("pk", ["instanceId"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export async function findInspection(
  ctx: Reads,
  instanceId: Id<"instance">,
): Promise<Inspection | undefined> {
  const { data } = await inspections(ctx).get({ kind, instanceId }).go({ consistent: true });
  return data?.inspection as Inspection | undefined;
}

export async function listInspections(ctx: Reads): Promise<Inspection[]> {
  const { data } = await inspections(ctx).query.byInstance({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.inspection as Inspection);
}

export async function findChecks(
  ctx: Pick<Context, "table" | "clock">,
  instanceIds: readonly Id<"instance">[],
): Promise<Map<Id<"instance">, CheckView[]>> {
  const reads = instanceIds.map((instanceId) => instanceChecks(ctx).get({ instanceId }).params());
  const rows = await readBatch(ctx, reads, { consistent: true });
  return new Map(rows.map((row) => [row["instanceId"] as Id<"instance">, row["checks"] as CheckView[]]));
}

/** The first of an instance, or the next if nobody began or finished one since it was read. */
export function savingInspection(ctx: Reads, next: Inspection): Write {
  const { instanceId, version } = next;
  const row = { kind, instanceId, version, inspection: next };
  const params =
    version === 1
      ? inspections(ctx).create(row).params()
      : inspections(ctx)
          .put(row)
          .where((stored, { eq }) => eq(stored.version, version - 1))
          .params();
  return putting(params, inspectionChanged);
}

export function puttingChecks(ctx: Reads, instanceId: Id<"instance">, checks: readonly CheckView[]): Write {
  return putting(
    instanceChecks(ctx)
      .put({ instanceId, checks: [...checks] })
      .params(),
    inspectionChanged,
  );
}

export function deletingInspection(ctx: Reads, instanceId: Id<"instance">): Write[] {
  return [
    deleting(inspections(ctx).delete({ kind, instanceId }).params(), inspectionChanged),
    deleting(instanceChecks(ctx).delete({ instanceId }).params(), inspectionChanged),
  ];
}

export function inspectionChanged(): DomainError {
  return conflict("inspection.changed", "Another inspection of this instance came first.");
}
