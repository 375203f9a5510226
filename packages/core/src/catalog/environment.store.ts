import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError, notFound } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, updating, type Write } from "../kernel/table.ts";
import type { Environment } from "./environment.ts";

type Reads = Pick<Context, "table">;
const kind = "environment";

/** Few: all of them are one strongly consistent query. */
const environments = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "environment", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          id: { type: "string", required: true },
          version: { type: "number", required: true },
          environment: { type: "any", required: true },
          /** Beside the record: moves with each instance that comes or goes. */
          instanceCount: { type: "number", required: true },
        },
        indexes: { byId: { pk: key("pk", ["kind"]), sk: key("sk", ["id"]) } },
      },
      options,
    ),
);

export async function findEnvironment(ctx: Reads, id: Id<"environment">): Promise<Environment | undefined> {
  const { data } = await environments(ctx).get({ kind, id }).go({ consistent: true });
  return data?.environment as Environment | undefined;
}

export async function listEnvironments(ctx: Reads): Promise<Environment[]> {
  const { data } = await environments(ctx).query.byId({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.environment as Environment);
}

export function creatingEnvironment(ctx: Reads, environment: Environment): Write {
  const { id, version } = environment;
  const params = environments(ctx).create({ kind, id, version, environment, instanceCount: 0 }).params();
  return putting(params, environmentChanged);
}

/** Replaces the record if nobody changed it since it was read; the count of instances stays. */
export function savingEnvironment(ctx: Reads, next: Environment): Write {
  const params = environments(ctx)
    .patch({ kind, id: next.id })
    .set({ version: next.version, environment: next })
    .where(({ version }, { eq }) => eq(version, next.version - 1))
    .params();
  return updating(params, environmentChanged);
}

/** Only while no instance is in it. */
export function deletingEnvironment(ctx: Reads, { id, version: expected }: Environment): Write {
  const params = environments(ctx)
    .delete({ kind, id })
    .where(({ version, instanceCount }, { eq }) => `${eq(version, expected)} AND ${eq(instanceCount, 0)}`)
    .params();
  return deleting(params, (now) =>
    now && now["version"] === expected
      ? conflict(
          "environment.in-use",
          "Instances are still in this environment; move or delete them first.",
          {
            instanceCount: Number(now["instanceCount"]),
          },
        )
      : environmentChanged(),
  );
}

/** An instance comes (1) or goes (-1), in the same transaction as the instance itself: neither can be without the other. */
export function countingInstance(ctx: Reads, id: Id<"environment">, by: 1 | -1): Write {
  const params = environments(ctx).patch({ kind, id }).add({ instanceCount: by }).params();
  return updating(params, () => notFound("environment"));
}

export function environmentChanged(): DomainError {
  return conflict("environment.changed", "The environment changed in the meantime; look at it again.");
}
