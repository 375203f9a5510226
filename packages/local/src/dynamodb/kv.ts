import { mkdir } from "node:fs/promises";
import type { AbstractBatchOperation, AbstractLevel } from "abstract-level";
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";
import { keys } from "./keys.ts";

/** Bounds of a scan over the ordered keys; `limit` undefined means all. */
export type KeyRange = {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
  limit?: number;
};

/** One write of a batch; a value of undefined deletes the key. */
export type KvWrite = { key: string; value: unknown };

export type KvReader = {
  get(key: string): unknown;
  entries(range: KeyRange): AsyncGenerator<[string, unknown]>;
};

/**
 * The ordered store under everything: JSON values by text keys, and batches that land whole or not at all.
 * A batch outlives the death of the process; it is not forced to disk, so a power cut may take the last ones.
 */
export type Kv = KvReader & {
  /** Runs the function on the state as of now, whatever is written meanwhile. */
  atOneInstant<T>(run: (reader: KvReader) => Promise<T>): Promise<T>;
  batch(writes: Iterable<KvWrite>): Promise<void>;
  clear(range: KeyRange): Promise<void>;
  close(): Promise<void>;
};

type Level = AbstractLevel<string | Buffer | Uint8Array, string, string>;
type Snapshot = ReturnType<Level["snapshot"]>;

const CHUNK = 128;

/** Opens the folder, or a store in memory when it is undefined. Throws when another one has the folder open. */
export async function openKv(folder: string | undefined): Promise<Kv> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const level: Level =
    folder === undefined
      ? new MemoryLevel<string, string>()
      : new ClassicLevel<string, string>(folder, {
          writeBufferSize: 16 * 1024 * 1024,
          cacheSize: 32 * 1024 * 1024,
        });
  try {
    await level.open();
  } catch (error) {
    throw new Error(`the DynamoDB folder ${folder ?? "(memory)"} cannot be opened: ${reason(error)}`, {
      cause: error,
    });
  }

  // Table descriptions are read by every operation and change hardly ever.
  const hot = new Map<string, unknown>();
  const isHot = (key: string) => key.startsWith(keys.tables) || key.startsWith(keys.timeToLives);
  const reader = readerOf(level);
  const hotGet = (key: string) => {
    if (!isHot(key)) return reader.get(key);
    if (!hot.has(key)) hot.set(key, reader.get(key));
    return hot.get(key);
  };

  return {
    get: hotGet,
    entries: (range) => reader.entries(range),
    async atOneInstant(run) {
      const snapshot = level.snapshot();
      try {
        const then = readerOf(level, snapshot);
        return await run({ ...then, get: (key) => (isHot(key) ? hotGet(key) : then.get(key)) });
      } finally {
        await snapshot.close();
      }
    },
    async batch(writes) {
      // An item and its index entries are mostly the same object: it is encoded once.
      const texts = new Map<unknown, string>();
      const operations: AbstractBatchOperation<Level, string, string>[] = [];
      for (const { key, value } of writes) {
        if (value === undefined) {
          operations.push({ type: "del", key });
          continue;
        }
        const text = texts.get(value) ?? JSON.stringify(value);
        texts.set(value, text);
        operations.push({ type: "put", key, value: text });
      }
      await level.batch(operations);
      for (const { key } of operations) if (isHot(key)) hot.delete(key);
    },
    clear: (range) => level.clear(range),
    close: () => level.close(),
  };
}

function readerOf(level: Level, snapshot?: Snapshot): KvReader {
  const at = snapshot === undefined ? {} : { snapshot };
  return {
    get(key) {
      const text = level.getSync(key, at);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async *entries(range) {
      const iterator = level.iterator({ ...range, ...at });
      try {
        for (;;) {
          const chunk = await iterator.nextv(Math.min(range.limit ?? CHUNK, CHUNK));
          if (chunk.length === 0) return;
          for (const [key, text] of chunk) yield [key, JSON.parse(text)];
        }
      } finally {
        await iterator.close();
      }
    },
  };
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED") {
    return "another process has it open";
  }
  return cause instanceof Error ? cause.message : String(cause);
}
