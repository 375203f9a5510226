import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";
import type { Instance } from "./instance.ts";

type Reads = Pick<Context, "table">;
const kind = "instance";

const instances = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "instance", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          instance: { type: "any", required: true },
        },
        indexes: { byId: { pk: key("pk", ["kind"]), sk: key("sk", ["id"]) } },
      },
      options,
    ),
);

export async function findInstance(ctx: Reads, id: Id<"instance">): Promise<Instance | undefined> {
  const { data } = await instances(ctx).get({ kind, id }).go({ consistent: true });
  return data?.instance as Instance | undefined;
}

export async function listInstances(ctx: Reads): Promise<Instance[]> {
  const { data } = await instances(ctx).query.byId({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.instance as Instance);
}

export function creatingInstance(ctx: Reads, instance: Instance): Write {
  return putting(instances(ctx).create(rowOf(instance)).params(), instanceChanged);
}

/** Replaces the record if nobody changed it since it was read. */
export function savingInstance(ctx: Reads, next: Instance): Write {
  const params = instances(ctx)
    .put(rowOf(next))
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return putting(params, instanceChanged);
}

export function deletingInstance(ctx: Reads, { id, version: expected }: Instance): Write {
  const params = instances(ctx)
    .delete({ kind, id })
    .where(({ version }, { eq }) => eq(version, expected))
    .params();
  return deleting(params, instanceChanged);
}

/** Holds a transaction to the instance being registered still: nobody is given access to one that just went. */
export function instanceStays(ctx: Reads, id: Id<"instance">): Write {
  const { TableName, Key } = instances(ctx).get({ kind, id }).params<{
    TableName: string;
    Key: Record<string, string>;
  }>();
  return {
    action: { ConditionCheck: { TableName, Key, ConditionExpression: "attribute_exists(pk)" } },
    otherwise: () =>
      conflict("instance.deleted", "The instance of this database was deleted in the meantime."),
  };
}

export function instanceChanged(): DomainError {
  return conflict("instance.changed", "The instance changed in the meantime; look at it again.");
}

function rowOf(instance: Instance) {
  return { kind, id: instance.id, version: instance.version, instance };
}
