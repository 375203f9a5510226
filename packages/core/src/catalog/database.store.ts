import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { deleting, entity, key, putting, type Write } from "../kernel/table.ts";
import type { Database } from "./database.ts";

type Reads = Pick<Context, "table">;
const kind = "database";

/** Index: those of one instance, by name. */
const databases = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "database", version: "1", service: "daypass" },
        attributes: {
          kind: { type: "string", required: true },
          id: { type: "string", required: true },
          instanceId: { type: "string", required: true },
          name: { type: "string", required: true },
          database: { type: "any", required: true },
        },
        indexes: {
          byId: { pk: key("pk", ["kind"]), sk: key("sk", ["id"]) },
          byInstance: { index: "gsi1", pk: key("gsi1pk", ["instanceId"]), sk: key("gsi1sk", ["name"]) },
        },
      },
      options,
    ),
);

export async function findDatabase(ctx: Reads, id: Id<"database">): Promise<Database | undefined> {
  const { data } = await databases(ctx).get({ kind, id }).go({ consistent: true });
  return data?.database as Database | undefined;
}

export async function listDatabaseRecords(ctx: Reads): Promise<Database[]> {
  const { data } = await databases(ctx).query.byId({ kind }).go({ consistent: true, pages: "all" });
  return data.map((row) => row.database as Database);
}

/** By name; may lag by moments. */
export async function listDatabasesOfInstance(ctx: Reads, instanceId: Id<"instance">): Promise<Database[]> {
  const { data } = await databases(ctx).query.byInstance({ instanceId }).go({ pages: "all" });
  return data.map((row) => row.database as Database);
}

/** Only inspections write databases, one at a time for an instance: the inspection's own condition guards them. */
export function puttingDatabase(ctx: Reads, database: Database): Write {
  const { id, instanceId, name } = database;
  return putting(databases(ctx).put({ kind, id, instanceId, name, database }).params(), () =>
    conflict("database.changed", "The database changed in the meantime."),
  );
}

export function deletingDatabase(ctx: Reads, id: Id<"database">): Write {
  return deleting(databases(ctx).delete({ kind, id }).params(), () =>
    conflict("database.changed", "The database changed in the meantime."),
  );
}
