import { db } from "./dynalite.ts";
import { validationFailure } from "./failure.ts";
import { keys } from "./keys.ts";
import type { KvReader, KvWrite } from "./kv.ts";
import {
  type AttributeValue,
  type Item,
  keyOf,
  type SecondaryIndex,
  secondaryIndexes,
  type Table,
} from "./table.ts";

/** An index entry's value: the projected attributes, or the item's key where the index projects all of it. */
type Entry = Item | string;

/**
 * The index entries that change when an item does. An item without all key attributes of an index has no
 * entry in it (a sparse index).
 */
export function indexWrites(
  table: Table,
  itemKey: string,
  before: Item | undefined,
  after: Item | undefined,
): KvWrite[] {
  const writes: KvWrite[] = [];
  for (const { index } of secondaryIndexes(table)) {
    const old = entryOf(before, table, itemKey, index);
    const now = entryOf(after, table, itemKey, index);
    if (old !== undefined && old.key !== now?.key) writes.push({ key: old.key, value: undefined });
    if (now !== undefined && (now.key !== old?.key || typeof now.value !== "string")) writes.push(now);
  }
  return writes;
}

/** The entry of an item in one index, or undefined when the item lacks a key attribute of it. */
export function entryOf(
  item: Item | undefined,
  table: Table,
  itemKey: string,
  index: SecondaryIndex,
): { key: string; value: Entry } | undefined {
  if (item === undefined) return undefined;
  if (index.KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined)) return undefined;
  // The whole item key is part of it, so that no two items meet under one index key.
  const key = db.createKey(item, table, index.KeySchema) + itemKey;
  return {
    key: keys.index(table.TableName, index.IndexName) + key,
    value: index.Projection.ProjectionType === "ALL" ? itemKey : projected(item, table, index),
  };
}

/** The item as the index shows it. */
export function itemOfEntry(reader: KvReader, table: Table, value: unknown): Item | undefined {
  const entry = value as Entry;
  if (typeof entry !== "string") return entry;
  return reader.get(keys.items(table.TableName) + entry) as Item | undefined;
}

/** Where the item with these key attributes stands within an index. */
export function indexKeyOf(item: Item, table: Table, indexName: string): string {
  const found = secondaryIndexes(table).find(({ index }) => index.IndexName === indexName);
  if (found === undefined) {
    throw validationFailure(`The table does not have the specified index: ${indexName}`);
  }
  return db.createKey(item, table, found.index.KeySchema) + db.createKey(item, table);
}

/** Throws when an attribute that keys an index is empty or longer than an index takes. */
export function checkIndexKeys(item: Item, table: Table): void {
  for (const { index } of secondaryIndexes(table)) {
    for (const { AttributeName, KeyType } of index.KeySchema) {
      const value = item[AttributeName]?.S ?? item[AttributeName]?.B;
      if (typeof value !== "string") continue;
      const where = `IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`;
      if (value === "") {
        throw validationFailure(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. ${where}`,
        );
      }
      const most = KeyType === "HASH" ? 2048 : 1024;
      if (Buffer.byteLength(value, item[AttributeName]?.B === undefined ? "utf8" : "base64") > most) {
        throw validationFailure(
          `One or more parameter values were invalid: Size of an index key has exceeded the maximum size limit of ${most} bytes. ${where}`,
        );
      }
    }
  }
}

function projected(item: Item, table: Table, index: SecondaryIndex): Item {
  const entry: Record<string, AttributeValue> = {
    ...keyOf(item, table.KeySchema),
    ...keyOf(item, index.KeySchema),
  };
  for (const name of index.Projection.NonKeyAttributes ?? []) {
    const value = item[name];
    if (value !== undefined) entry[name] = value;
  }
  return entry;
}
