import { z } from "zod";
import type { Database } from "./database.ts";
import type { ItemChange } from "./draft.ts";
import { tableNamed } from "./engine-store.ts";
import { validationFailure } from "./failure.ts";
import { endOf, keys, padded } from "./keys.ts";
import type { KvReader, KvWrite } from "./kv.ts";
import { parseInput } from "./parse-input.ts";
import type { Item } from "./table.ts";

const updateInput = z.strictObject({
  TableName: z.string(),
  TimeToLiveSpecification: z.strictObject({
    Enabled: z.boolean(),
    AttributeName: z.string().min(1).max(255),
  }),
});
const describeInput = z.strictObject({ TableName: z.string() });

type TimeToLive = { attribute: string };

const DIGITS = 12;
const FIVE_YEARS_S = 5 * 365 * 86_400;
const AT_ONCE = 100;

/** Turns expiry on or off for a table. Items already there are found at once. */
export async function updateTimeToLive(database: Database, input: unknown): Promise<object> {
  const { TableName, TimeToLiveSpecification: wanted } = parseInput(updateInput, input);
  await database.write(async (draft) => {
    tableNamed(draft, TableName);
    const current = timeToLiveOf(draft, TableName);
    if ((current !== undefined) === wanted.Enabled) {
      throw validationFailure(`TimeToLive is already ${wanted.Enabled ? "enabled" : "disabled"}`);
    }
    if (current !== undefined && current.attribute !== wanted.AttributeName) {
      throw validationFailure("TimeToLive is active on a different AttributeName");
    }
    const expiries = keys.expiries(TableName);
    for await (const [key] of draft.entries({ gt: expiries, lt: endOf(expiries) })) draft.del(key);
    if (!wanted.Enabled) {
      draft.del(keys.timeToLive(TableName));
      return;
    }
    draft.put(keys.timeToLive(TableName), { attribute: wanted.AttributeName } satisfies TimeToLive);
    const items = keys.items(TableName);
    for await (const [key, item] of draft.entries({ gt: items, lt: endOf(items) })) {
      const expiry = expiryKey(TableName, key.slice(items.length), item as Item, wanted.AttributeName);
      if (expiry !== undefined) draft.put(expiry, 1);
    }
  });
  return { TimeToLiveSpecification: wanted };
}

export function describeTimeToLive(database: Database, input: unknown): object {
  const { TableName } = parseInput(describeInput, input);
  tableNamed(database.kv, TableName);
  const current = timeToLiveOf(database.kv, TableName);
  return {
    TimeToLiveDescription:
      current === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: current.attribute },
  };
}

/** What a change of an item does to the list of expiries; nothing where the table has no time to live. */
export function expiryWrites(reader: KvReader, change: ItemChange): KvWrite[] {
  const name = change.table.TableName;
  const current = timeToLiveOf(reader, name);
  if (current === undefined) return [];
  const old = expiryKey(name, change.itemKey, change.before, current.attribute);
  const now = expiryKey(name, change.itemKey, change.after, current.attribute);
  if (old === now) return [];
  return [
    ...(old === undefined ? [] : [{ key: old, value: undefined }]),
    ...(now === undefined ? [] : [{ key: now, value: 1 }]),
  ];
}

/**
 * Removes the items whose time has passed, up to 100 a table and call; returns how many. As on AWS, a time
 * more than five years ago is taken for a mistake and left alone.
 */
export async function expireDue(database: Database): Promise<number> {
  let removed = 0;
  for await (const [key] of database.kv.entries({ gt: keys.timeToLives, lt: endOf(keys.timeToLives) })) {
    const table = key.slice(keys.timeToLives.length);
    const nowS = Math.floor((database.clock() - database.faults.ttlLagMs(table)) / 1000);
    const expiries = keys.expiries(table);
    const range = {
      gt: expiries + padded(Math.max(0, nowS - FIVE_YEARS_S), DIGITS),
      lt: expiries + padded(Math.max(0, nowS + 1), DIGITS),
      limit: AT_ONCE,
    };
    for await (const [expiry] of database.kv.entries(range)) {
      removed += await removeIfStillDue(database, table, expiry, expiries.length + DIGITS + 1);
    }
  }
  return removed;
}

async function removeIfStillDue(
  database: Database,
  tableName: string,
  expiry: string,
  prefixLength: number,
): Promise<number> {
  return database.write(async (draft) => {
    // A caller may have moved the item's time, or removed the table, since the list was read.
    if (draft.get(expiry) === undefined) return 0;
    draft.putItem(tableNamed(draft, tableName), expiry.slice(prefixLength), undefined);
    return 1;
  }, "time-to-live");
}

function timeToLiveOf(reader: KvReader, table: string): TimeToLive | undefined {
  return reader.get(keys.timeToLive(table)) as TimeToLive | undefined;
}

function expiryKey(
  table: string,
  itemKey: string,
  item: Item | undefined,
  attribute: string,
): string | undefined {
  const text = item?.[attribute]?.N;
  if (typeof text !== "string") return undefined;
  const seconds = Math.floor(Number(text));
  if (!Number.isSafeInteger(seconds) || seconds <= 0 || seconds >= 10 ** DIGITS) return undefined;
  return `${keys.expiries(table)}${padded(seconds, DIGITS)}~${itemKey}`;
}
