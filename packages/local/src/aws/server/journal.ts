import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** One put (`value` given) or drop in a table; only `Table.put` and `Table.drop` make them. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly value?: unknown;
}

/** Rows of one kind, kept in memory. What `get` and `entries` hand out must not be altered. */
export interface Table<T> {
  get(key: string): T | undefined;
  entries(): IterableIterator<[string, T]>;
  readonly size: number;
  put(key: string, value: T): Change;
  drop(key: string): Change;
}

/** The state of one service. A commit is on the disk when it returns, wholly or not at all, also under SIGKILL. */
export interface Journal {
  table<T>(name: string): Table<T>;
  commit(...changes: readonly Change[]): void;
  /** Like `commit`, and no earlier value stays in the file: for values that must be gone when they are deleted. In a large
   * file they are gone a moment later, together with those of others. */
  commitAndErase(...changes: readonly Change[]): void;
  close(): void;
}

/** A commit is one line of JSON; the file is rewritten when most of its lines are superseded. */
const leastSupersededLines = 4096;
/** A rewriting that takes longer is followed by a rest of so many times its length. */
const quickMs = 5;
const restFactor = 10;
const fileMode = 0o600;
const folderMode = 0o700;

type Row = [table: string, key: string] | [table: string, key: string, value: unknown];

/** Opens (or makes) a journal; without a path it lives in memory alone. */
export function openJournal(path?: string): Journal {
  const tables = new Map<string, Map<string, unknown>>();
  const rows = (name: string): Map<string, unknown> => {
    const known = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, known);
    return known;
  };
  const apply = ([name, key, ...value]: Row): void => {
    if (value.length === 0) rows(name).delete(key);
    else rows(name).set(key, value[0]);
  };

  let file: JournalFile | undefined;
  let written = 0;
  let erasing: NodeJS.Timeout | undefined;
  let rewroteAt = 0;
  let rewritingMs = 0;
  if (path !== undefined) {
    for (const line of readCommits(path)) for (const row of line) apply(row);
    file = rewrite(path, tables);
    written = liveRows(tables);
  }

  function commit(changes: readonly Change[], erase: boolean): void {
    const line = changes.map(
      (one): Row => (one.value === undefined ? [one.table, one.key] : [one.table, one.key, one.value]),
    );
    // The file comes first: what could not be written did not happen.
    file?.append(JSON.stringify(line));
    for (const row of line) apply(row);
    written += line.length;
    if (file === undefined) return;
    if (written > 2 * liveRows(tables) + leastSupersededLines) renew();
    else if (erase) renewSoon();
  }

  function renew(): void {
    if (file === undefined || path === undefined) return;
    clearTimeout(erasing);
    erasing = undefined;
    const beganAt = performance.now();
    file.close();
    file = rewrite(path, tables);
    written = liveRows(tables);
    rewroteAt = performance.now();
    rewritingMs = rewroteAt - beganAt;
  }

  /** At once while it is quick; else not so often that the service would do little besides. */
  function renewSoon(): void {
    if (erasing !== undefined) return;
    const restMs = rewritingMs < quickMs ? 0 : rewroteAt + restFactor * rewritingMs - performance.now();
    if (restMs <= 0) renew();
    else erasing = setTimeout(renew, restMs);
  }

  return {
    table: <T>(name: string): Table<T> => ({
      get: (key) => rows(name).get(key) as T | undefined,
      entries: () => rows(name).entries() as IterableIterator<[string, T]>,
      get size() {
        return rows(name).size;
      },
      put: (key, value) => ({ table: name, key, value }),
      drop: (key) => ({ table: name, key }),
    }),
    commit: (...changes) => commit(changes, false),
    commitAndErase: (...changes) => commit(changes, true),
    close() {
      if (erasing !== undefined) renew();
      file?.close();
    },
  };
}

interface JournalFile {
  append(line: string): void;
  close(): void;
}

/** Every whole line. A line cut off by a crash was never reported as committed and is left out. */
function readCommits(path: string): Row[][] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Row[]);
}

/** Writes what is live beside the file, then puts it in its place: at every instant one whole file is there. */
function rewrite(path: string, tables: Map<string, Map<string, unknown>>): JournalFile {
  mkdirSync(dirname(path), { recursive: true, mode: folderMode });
  chmodSync(dirname(path), folderMode);
  const beside = `${path}.new`;
  const descriptor = openSync(beside, "w", fileMode);
  chmodSync(beside, fileMode);
  let batch = "";
  for (const [name, rows] of tables) {
    for (const [key, value] of rows) {
      batch += `${JSON.stringify([[name, key, value]])}\n`;
      if (batch.length > 1 << 20) {
        writeAll(descriptor, batch);
        batch = "";
      }
    }
  }
  writeAll(descriptor, batch);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(beside, path);
  return appender(path);
}

function appender(path: string): JournalFile {
  const descriptor = openSync(path, "r+", fileMode);
  let size = fstatSync(descriptor).size;
  let open = true;
  return {
    append(line) {
      if (!open) throw new Error("the journal is closed");
      try {
        size += writeAll(descriptor, `${line}\n`, size);
      } catch (error) {
        // A full disk must not leave half a line in the middle of the file.
        ftruncateSync(descriptor, size);
        throw error;
      }
    },
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

function writeAll(descriptor: number, text: string, position?: number): number {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(
      descriptor,
      bytes,
      done,
      bytes.length - done,
      position === undefined ? null : position + done,
    );
  }
  return bytes.length;
}

function liveRows(tables: Map<string, Map<string, unknown>>): number {
  let sum = 0;
  for (const rows of tables.values()) sum += rows.size;
  return sum;
}
