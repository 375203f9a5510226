import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";

/** An account that is ours by name and marker and that no grant of the ledger knows. */
export type Orphan = {
  instanceId: Id<"instance">;
  account: string;
  /** As its marker says. */
  grantId: Id<"grant">;
  foundAt: Instant;
  /** Until then somebody can restore what the ledger forgot. */
  dropAfter: Instant;
};

type Reads = Pick<Context, "table">;

/** Those that are quarantined and wait to be dropped, by instance. */
const orphans = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "orphan", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          account: { type: "string", required: true },
          orphan: { type: "any", required: true },
        },
        indexes: { byInstance: { pk: key("pk", ["instanceId"]), sk: key("sk", ["account"]) } },
      },
      options,
    ),
);

export async function listOrphans(ctx: Reads, instanceId: Id<"instance">): Promise<Orphan[]> {
  const { data } = await orphans(ctx).query.byInstance({ instanceId }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.orphan as Orphan);
}

export async function findOrphan(
  ctx: Reads,
  instanceId: Id<"instance">,
  account: string,
): Promise<Orphan | undefined> {
  const { data } = await orphans(ctx).get({ instanceId, account }).go({ consistent: true });
  return data?.orphan as Orphan | undefined;
}

export function creatingOrphan(ctx: Reads, orphan: Orphan): Write {
  const { instanceId, account } = orphan;
  return putting(orphans(ctx).create({ instanceId, account, orphan }).params(), orphanChanged);
}

export function deletingOrphan(ctx: Reads, { instanceId, account }: Orphan): Write {
  return deleting(orphans(ctx).remove({ instanceId, account }).params(), orphanChanged);
}

export function orphanChanged(): DomainError {
  return conflict("orphan.changed", "Another comparison of this instance was quicker.");
}
