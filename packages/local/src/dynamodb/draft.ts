import { validationFailure } from "./failure.ts";
import { itemBytes, MAX_ITEM_BYTES } from "./item-size.ts";
import { keys } from "./keys.ts";
import type { KvReader, KvWrite } from "./kv.ts";
import { checkIndexKeys } from "./secondary-index.ts";
import type { Item, Table } from "./table.ts";

/** What one write does to one item. Both are undefined when it was put and removed again. */
export type ItemChange = { table: Table; itemKey: string; before: Item | undefined; after: Item | undefined };

/**
 * The overlay that one write runs on: reads see what it wrote, nothing of it is stored until it lands as one
 * batch, and dropping it leaves no trace.
 */
export type Draft = KvReader & {
  put(key: string, value: unknown): void;
  del(key: string): void;
  /** Throws a ValidationException when the item is too large or keys an index with an empty value. */
  putItem(table: Table, itemKey: string, item: Item | undefined): void;
  /** Nothing can be written any more: the engine's late writes (simulated delays) fall into the void. */
  seal(): { writes: KvWrite[]; changes: ItemChange[] };
};

export function createDraft(reader: KvReader): Draft {
  const writes = new Map<string, unknown>();
  const changes = new Map<string, ItemChange>();
  let sealed = false;

  function get(key: string): unknown {
    if (writes.has(key)) return writes.get(key);
    const change = changes.get(key);
    return change === undefined ? reader.get(key) : change.after;
  }

  return {
    get,
    entries: (range) => reader.entries(range),
    put(key, value) {
      if (!sealed) writes.set(key, value);
    },
    del(key) {
      if (!sealed) writes.set(key, undefined);
    },
    putItem(table, itemKey, item) {
      if (sealed) return;
      if (item !== undefined) {
        if (itemBytes(item) > MAX_ITEM_BYTES) {
          throw validationFailure("Item size has exceeded the maximum allowed size");
        }
        checkIndexKeys(item, table);
      }
      const key = keys.items(table.TableName) + itemKey;
      const known = changes.get(key);
      const before = known === undefined ? (reader.get(key) as Item | undefined) : known.before;
      changes.set(key, { table, itemKey, before, after: item });
    },
    seal() {
      sealed = true;
      return {
        writes: [...writes].map(([key, value]) => ({ key, value })),
        changes: [...changes.values()],
      };
    },
  };
}
