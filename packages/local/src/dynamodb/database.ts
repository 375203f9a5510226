import { createDraft, type Draft, type ItemChange } from "./draft.ts";
import type { Faults } from "./faults.ts";
import { createIndexLag } from "./index-lag.ts";
import { keys, padded } from "./keys.ts";
import type { Kv, KvReader, KvWrite } from "./kv.ts";
import { createMutex } from "./mutex.ts";
import { indexWrites } from "./secondary-index.ts";
import { type Origin, recordOf } from "./stream-record.ts";
import { secondaryIndexes, type Table } from "./table.ts";
import { expiryWrites } from "./time-to-live.ts";

/** What every operation works on: the committed state, and the one way to change it. */
export type Database = {
  kv: Kv;
  region: string;
  faults: Faults;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /**
   * Runs the function on what is committed now, whatever is written meanwhile. For a table whose global
   * indexes a fault makes lag, `viaIndex` shows it as it was that long ago.
   */
  read<T>(run: (reader: KvReader) => Promise<T>, viaIndex?: { table: string }): Promise<T>;
  /**
   * Runs the function on a draft, alone, and lands all it wrote as one batch: items with their index
   * entries, stream records and expiries. When it throws, nothing has happened.
   */
  write<T>(run: (draft: Draft) => Promise<T>, origin?: Origin): Promise<T>;
  /** Calls back after each commit that wrote stream records. Returns how to stop that. */
  onRecords(listener: () => void): () => void;
  /** The number of the last stream record written. */
  lastSequenceNumber(): string;
};

export function createDatabase(kv: Kv, region: string, clock: () => number, faults: Faults): Database {
  const alone = createMutex();
  const listeners = new Set<() => void>();
  const indexLag = createIndexLag();
  let sequence = BigInt((kv.get(keys.sequence) as string | undefined) ?? "0");

  function landing(changes: readonly ItemChange[], origin: Origin): { writes: KvWrite[]; records: number } {
    const nowMs = clock();
    const writes: KvWrite[] = [];
    let records = 0;
    for (const change of changes) {
      const { table, itemKey, before, after } = change;
      if (before === undefined && after === undefined) continue;
      const item = { key: keys.items(table.TableName) + itemKey, value: after };
      const entries = indexWrites(table, itemKey, before, after);
      const lagMs = faults.indexLagMs(table.TableName);
      if (lagMs > 0) indexLag.note(kv, [item, ...globalOnly(table, entries)], nowMs, lagMs);
      writes.push(item, ...entries);
      writes.push(...expiryWrites(kv, change));

      const stored = recordOf(change, origin, sequenceNumber(sequence + 1n), nowMs, region);
      const label = table.LatestStreamLabel;
      if (stored === undefined || label === undefined) continue;
      sequence += 1n;
      records++;
      const key = keys.records(table.TableName, label) + stored.record.dynamodb.SequenceNumber;
      writes.push({ key, value: stored });
    }
    if (records > 0) writes.push({ key: keys.sequence, value: sequence.toString() });
    return { writes, records };
  }

  return {
    kv,
    region,
    clock,
    faults,
    read(run, viaIndex) {
      const lagMs = viaIndex === undefined ? 0 : faults.indexLagMs(viaIndex.table);
      return kv.atOneInstant((now) => run(lagMs === 0 ? now : indexLag.asOf(now, clock() - lagMs)));
    },
    write(run, origin = "caller") {
      return alone(async () => {
        const draft = createDraft(kv);
        const result = await run(draft);
        const { writes, changes } = draft.seal();
        const landed = landing(changes, origin);
        const all = [...writes, ...landed.writes];
        if (all.length > 0) await kv.batch(all);
        if (landed.records > 0) for (const listener of listeners) listener();
        return result;
      });
    },
    onRecords(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lastSequenceNumber: () => sequenceNumber(sequence),
  };
}

/** As long as the service's own (21 to 40 digits), and sorting as text like the number. */
function sequenceNumber(sequence: bigint): string {
  return `1${padded(sequence, 20)}`;
}

function globalOnly(table: Table, entries: readonly KvWrite[]): KvWrite[] {
  const locals = secondaryIndexes(table)
    .filter(({ kind }) => kind === "local")
    .map(({ index }) => keys.index(table.TableName, index.IndexName));
  return entries.filter(({ key }) => !locals.some((prefix) => key.startsWith(prefix)));
}
