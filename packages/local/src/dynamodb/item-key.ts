import { db } from "./dynalite.ts";
import { tableNamed } from "./engine-store.ts";
import { keys } from "./keys.ts";
import type { KvReader } from "./kv.ts";
import { type Item, keyOf, type Table } from "./table.ts";

/** Where an item (or its key) stands within its table; undefined when its key does not fit the table. */
export function itemKeyOf(table: Table, itemOrKey: Item): string | undefined {
  const key = keyOf(itemOrKey, table.KeySchema);
  const invalid = db.validateKey(key, table);
  return invalid === null || invalid === undefined ? db.createKey(key, table) : undefined;
}

/** The stored item with that key, if there is one. */
export function itemAt(reader: KvReader, tableName: string, itemOrKey: Item): Item | undefined {
  const table = tableNamed(reader, tableName);
  const key = itemKeyOf(table, itemOrKey);
  return key === undefined ? undefined : (reader.get(keys.items(tableName) + key) as Item | undefined);
}
