import type { Draft } from "./draft.ts";
import { AwsFailure } from "./failure.ts";
import { keys } from "./keys.ts";
import type { KvReader } from "./kv.ts";
import type { Item, Table } from "./table.ts";

type Done = (error?: unknown, value?: unknown) => void;

/** A part of the key space as the engine's actions expect it. */
type SubStore = {
  get(key: string, done: Done): void;
  put(key: string, value: unknown, done: Done): void;
  del(key: string, done: Done): void;
  lock(key: string, run: (release: (done: Done) => Done) => void): void;
};

/** The store that the engine's actions run on, and `reader`, which our page reader takes from it. */
export type EngineStore = {
  reader: KvReader;
  options: { maxItemSize: number; createTableMs: number };
  tableDb: SubStore & { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): SubStore;
  getTable(name: string, mustBeActive: boolean | Done, done?: Done): void;
};

export const ACCOUNT_ID = "000000000000";

/** For reading what is committed. */
export function readingStore(reader: KvReader, region: string): EngineStore {
  return storeOf(reader, undefined, region);
}

/** For one write: every put goes to the draft. */
export function writingStore(draft: Draft, region: string): EngineStore {
  return storeOf(draft, draft, region);
}

/** The table, or a ResourceNotFoundException. */
export function tableNamed(reader: KvReader, name: string): Table {
  const table = reader.get(keys.table(name)) as Table | undefined;
  if (table === undefined) throw notFound(`Requested resource not found: Table: ${name} not found`);
  return table;
}

function storeOf(reader: KvReader, draft: Draft | undefined, region: string): EngineStore {
  const subStore = (
    prefix: string,
    write: (draft: Draft, key: string, value: unknown) => void,
  ): SubStore => ({
    get: (key, done) => attempt(() => reader.get(prefix + key), done),
    put: (key, value, done) => attempt(() => write(writable(draft), key, value), done),
    del: (key, done) => attempt(() => write(writable(draft), key, undefined), done),
    // Writes come one at a time already.
    lock: (_key, run) => run((done) => done),
  });

  return {
    reader,
    options: { maxItemSize: Number.POSITIVE_INFINITY, createTableMs: 0 },
    tableDb: {
      ...subStore("table~", (into, key, value) => into.put(keys.table(key), value)),
      awsAccountId: ACCOUNT_ID,
      awsRegion: region,
    },
    getItemDb: (name) =>
      subStore(keys.items(name), (into, key, value) =>
        into.putItem(tableNamed(reader, name), key, value as Item | undefined),
      ),
    getTable(name, mustBeActive, maybeDone) {
      const done = typeof mustBeActive === "function" ? mustBeActive : (maybeDone ?? (() => undefined));
      attempt(() => tableNamed(reader, name), done);
    },
  };
}

function writable(draft: Draft | undefined): Draft {
  if (draft === undefined) throw new Error("a read may not write");
  return draft;
}

function attempt(run: () => unknown, done: Done): void {
  let value: unknown;
  try {
    value = run();
  } catch (error) {
    done(error);
    return;
  }
  done(null, value);
}

function notFound(message: string): AwsFailure {
  return new AwsFailure("ResourceNotFoundException", message);
}
