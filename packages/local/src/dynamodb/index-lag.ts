import type { KeyRange, KvReader, KvWrite } from "./kv.ts";

/**
 * Shows secondary indexes as they were a while ago, for tests that must meet a lagging index. It keeps what
 * recent writes replaced; the stored indexes themselves never lag.
 */
export type IndexLag = {
  /** Notes what these writes of an item and its index entries are about to replace. */
  note(reader: KvReader, writes: readonly KvWrite[], nowMs: number, keepMs: number): void;
  /** For reading through a global index: entries, and the items they point to, as of the instant. */
  asOf(reader: KvReader, instantMs: number): KvReader;
};

export function createIndexLag(): IndexLag {
  let replaced: { at: number; key: string; value: unknown }[] = [];

  return {
    note(reader, writes, nowMs, keepMs) {
      replaced = replaced.filter(({ at }) => at > nowMs - keepMs);
      for (const { key } of writes) replaced.push({ at: nowMs, key, value: reader.get(key) });
    },
    asOf(reader, instantMs) {
      const then = new Map<string, unknown>();
      // The oldest replacement after the instant holds what stood there at the instant.
      for (const { at, key, value } of replaced.toReversed()) if (at > instantMs) then.set(key, value);
      return {
        get: (key) => (then.has(key) ? then.get(key) : reader.get(key)),
        entries: (range) => merged(reader, then, range),
      };
    },
  };
}

async function* merged(
  reader: KvReader,
  then: ReadonlyMap<string, unknown>,
  range: KeyRange,
): AsyncGenerator<[string, unknown]> {
  const sign = range.reverse === true ? -1 : 1;
  const restored = [...then].filter(([key, value]) => value !== undefined && within(key, range));
  restored.sort(([left], [right]) => (left < right ? -sign : sign));

  const { limit, ...unlimited } = range;
  let left = limit ?? Number.POSITIVE_INFINITY;
  let next = restored.shift();
  for await (const entry of reader.entries(unlimited)) {
    if (then.has(entry[0])) continue;
    for (; next !== undefined && (next[0] < entry[0] ? 1 : -1) === sign; next = restored.shift()) {
      if (left-- <= 0) return;
      yield next;
    }
    if (left-- <= 0) return;
    yield entry;
  }
  for (; next !== undefined; next = restored.shift()) {
    if (left-- <= 0) return;
    yield next;
  }
}

function within(key: string, range: KeyRange): boolean {
  return (
    (range.gt === undefined || key > range.gt) &&
    (range.gte === undefined || key >= range.gte) &&
    (range.lt === undefined || key < range.lt) &&
    (range.lte === undefined || key <= range.lte)
  );
}
