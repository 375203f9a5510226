import { z } from "zod";
import type { Database } from "./database.ts";
import type { Draft } from "./draft.ts";
import { tableNamed } from "./engine-store.ts";
import { validationFailure } from "./failure.ts";
import { endOf, keys } from "./keys.ts";
import { parseInput } from "./parse-input.ts";
import { entryOf } from "./secondary-index.ts";
import { closeStream, openStream, streamSpecification } from "./stream.ts";
import type { Item, SecondaryIndex, Table } from "./table.ts";

const indexName = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/);
const created = z.strictObject({
  IndexName: indexName,
  KeySchema: z
    .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }))
    .min(1)
    .max(2),
  Projection: z.strictObject({
    ProjectionType: z.enum(["ALL", "INCLUDE", "KEYS_ONLY"]),
    NonKeyAttributes: z.array(z.string()).min(1).optional(),
  }),
});
const updateInput = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: z
    .array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }))
    .optional(),
  StreamSpecification: streamSpecification.optional(),
  GlobalSecondaryIndexUpdates: z
    .array(
      z.strictObject({
        Create: created.optional(),
        Delete: z.strictObject({ IndexName: indexName }).optional(),
      }),
    )
    .max(1)
    .optional(),
});

/**
 * Turns the stream on or off, and adds or removes one index; a new index is filled before the answer.
 * Everything else is refused.
 */
export async function updateTable(database: Database, input: unknown): Promise<object> {
  const wanted = parseInput(updateInput, input);
  return database.write(async (draft) => {
    const table = structuredClone(tableNamed(draft, wanted.TableName));
    const { Create, Delete } = wanted.GlobalSecondaryIndexUpdates?.[0] ?? {};
    if (Create !== undefined) await addIndex(draft, table, wanted.AttributeDefinitions ?? [], Create);
    if (Delete !== undefined) await removeIndex(draft, table, Delete.IndexName);
    if (wanted.StreamSpecification !== undefined) {
      const on = table.StreamSpecification !== undefined;
      if (on === wanted.StreamSpecification.StreamEnabled) {
        throw validationFailure(
          `Table ${on ? "already has an enabled" : "has no"} stream: ${table.TableName}`,
        );
      }
      if (on) {
        closeStream(database, draft, table);
        delete table.StreamSpecification;
      } else openStream(database, draft, table, wanted.StreamSpecification);
    }
    draft.put(keys.table(table.TableName), table);
    return { TableDescription: table };
  });
}

async function addIndex(
  draft: Draft,
  table: Table,
  definitions: Table["AttributeDefinitions"],
  wanted: z.infer<typeof created>,
): Promise<void> {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (indexes.some(({ IndexName }) => IndexName === wanted.IndexName)) {
    throw validationFailure(
      `One or more parameter values were invalid: Duplicate index name: ${wanted.IndexName}`,
    );
  }
  for (const definition of definitions) {
    const known = table.AttributeDefinitions.find((each) => each.AttributeName === definition.AttributeName);
    if (known === undefined) table.AttributeDefinitions.push(definition);
  }
  for (const { AttributeName } of wanted.KeySchema) {
    if (!table.AttributeDefinitions.some((each) => each.AttributeName === AttributeName)) {
      throw validationFailure(`Index key attribute ${AttributeName} is not defined in AttributeDefinitions`);
    }
  }
  const { NonKeyAttributes, ProjectionType } = wanted.Projection;
  const index: SecondaryIndex = {
    IndexName: wanted.IndexName,
    KeySchema: wanted.KeySchema,
    Projection: { ProjectionType, ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }) },
    IndexStatus: "ACTIVE",
  };
  table.GlobalSecondaryIndexes = [...indexes, index];

  const items = keys.items(table.TableName);
  for await (const [key, value] of draft.entries({ gt: items, lt: endOf(items) })) {
    const item = value as Item;
    const itemKey = key.slice(items.length);
    const entry = fits(item, table, index) ? entryOf(item, table, itemKey, index) : undefined;
    if (entry !== undefined) draft.put(entry.key, entry.value);
  }
}

async function removeIndex(draft: Draft, table: Table, name: string): Promise<void> {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const left = indexes.filter(({ IndexName }) => IndexName !== name);
  if (left.length === indexes.length) {
    throw validationFailure(`The table does not have the specified index: ${name}`);
  }
  if (left.length === 0) delete table.GlobalSecondaryIndexes;
  else table.GlobalSecondaryIndexes = left;
  const prefix = keys.index(table.TableName, name);
  for await (const [key] of draft.entries({ gt: prefix, lt: endOf(prefix) })) draft.del(key);
}

/** Items whose attribute has another type than the index wants, or is empty, stay out of a new index. */
function fits(item: Item, table: Table, index: SecondaryIndex): boolean {
  return index.KeySchema.every(({ AttributeName }) => {
    const type = table.AttributeDefinitions.find(
      (each) => each.AttributeName === AttributeName,
    )?.AttributeType;
    const value = type === undefined ? undefined : item[AttributeName]?.[type];
    return typeof value === "string" && value !== "";
  });
}
