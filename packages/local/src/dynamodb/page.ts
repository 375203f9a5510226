import { db } from "./dynalite.ts";
import { itemBytes } from "./item-size.ts";
import { endOf, keys } from "./keys.ts";
import type { KeyRange, KvReader } from "./kv.ts";
import { indexKeyOf, itemOfEntry } from "./secondary-index.ts";
import type { Item, Table } from "./table.ts";

/** A checked Query or Scan as the engine passes it on, its expressions parsed. */
export type PageInput = {
  TableName: string;
  IndexName?: string;
  Limit?: number;
  Select?: string;
  ConsistentRead?: boolean;
  ScanIndexForward?: boolean;
  ExclusiveStartKey?: Item;
  ConditionalOperator?: string;
  QueryFilter?: object;
  ScanFilter?: object;
  AttributesToGet?: string[];
  ReturnConsumedCapacity?: string;
  _filter?: { expression: unknown };
  _projection?: { paths: unknown[] };
};

/** Bounds relative to the table or index; the engine writes "no limit" as -1. */
export type PageRange = KeyRange;

const PAGE_BYTES = 1024 * 1024;

/**
 * Reads one page. Its cost is the page's, not the table's: it seeks to the start and stops at the limit or
 * at 1 MB, as the service does, and a last key is given whenever it stopped for one of these.
 */
export async function readPage(
  reader: KvReader,
  table: Table,
  input: PageInput,
  range: PageRange,
  fetchFromTable: boolean,
  startKeyNames: readonly string[],
): Promise<Record<string, unknown>> {
  const limit = input.Limit ?? Number.POSITIVE_INFINITY;
  const kept: Item[] = [];
  let count = 0;
  let bytes = 0;
  let last: Item | undefined;

  for await (const [, value] of reader.entries(absolute(table, input, range))) {
    const entry = input.IndexName === undefined ? (value as Item) : itemOfEntry(reader, table, value);
    if (entry === undefined) continue;
    const item = fetchFromTable
      ? ((reader.get(keys.items(table.TableName) + db.createKey(entry, table)) as Item | undefined) ?? entry)
      : entry;
    count++;
    bytes += itemBytes(item);
    last = entry;
    if (matches(item, input)) kept.push(item);
    if (count >= limit || bytes >= PAGE_BYTES) break;
  }

  const stopped = count >= limit || bytes >= PAGE_BYTES;
  const paths = input._projection?.paths ?? input.AttributesToGet;
  const items = paths === undefined ? kept : kept.map((item) => db.mapPaths(paths, item));
  return {
    Count: kept.length,
    ScannedCount: count,
    ...(input.Select === "COUNT" ? {} : { Items: items }),
    ...(stopped && last !== undefined ? { LastEvaluatedKey: pick(last, startKeyNames) } : {}),
    ...consumed(input, bytes),
  };
}

function absolute(table: Table, input: PageInput, range: PageRange): KeyRange {
  const prefix =
    input.IndexName === undefined
      ? keys.items(table.TableName)
      : keys.index(table.TableName, input.IndexName);
  const bounds: KeyRange = range.reverse === true ? { reverse: true } : {};
  if (range.gte !== undefined) bounds.gte = prefix + range.gte;
  else bounds.gt = prefix + (range.gt ?? "");
  if (range.lte !== undefined) bounds.lte = prefix + range.lte;
  else bounds.lt = range.lt === undefined ? endOf(prefix) : prefix + range.lt;
  if (input.Limit !== undefined) bounds.limit = input.Limit;

  // The engine's own start key of an index names the item by a 24-bit hash; ours names it whole.
  const start = input.ExclusiveStartKey;
  if (start !== undefined && input.IndexName !== undefined) {
    const key = prefix + indexKeyOf(start, table, input.IndexName);
    if (input.ScanIndexForward === false) bounds.lt = key;
    else bounds.gt = key;
  }
  return bounds;
}

function matches(item: Item, input: PageInput): boolean {
  if (input._filter !== undefined) return db.matchesExprFilter(item, input._filter.expression);
  const filter = input.QueryFilter ?? input.ScanFilter;
  return filter === undefined || db.matchesFilter(item, filter, input.ConditionalOperator);
}

function pick(item: Item, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

function consumed(input: PageInput, bytes: number): Record<string, unknown> {
  if (input.ReturnConsumedCapacity !== "TOTAL" && input.ReturnConsumedCapacity !== "INDEXES") return {};
  const units = Math.max(1, Math.ceil(bytes / 4096)) * (input.ConsistentRead === true ? 1 : 0.5);
  return { ConsumedCapacity: { TableName: input.TableName, CapacityUnits: units } };
}
