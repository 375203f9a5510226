import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";

export type FunctionLogs = {
  /** Writes to the terminal past the capture. */
  say: (text: string) => void;
  close(): Promise<void>;
};

/**
 * Sends what the functions write to standard output, one JSON object a line, to a file for each function in the
 * folder, as CloudWatch keeps a log group for each. Only warnings and errors are shown on the terminal too.
 */
export function captureFunctionLogs(folder: string): FunctionLogs {
  const files = new Map<string, WriteStream>();
  const originals = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write.bind(stream),
  }));
  const say = (text: string): void => {
    const [stdout] = originals;
    stdout?.write(text);
  };

  const fileOf = (name: string): WriteStream => {
    const known = files.get(name);
    if (known) return known;
    const made = createWriteStream(join(folder, `${name}.jsonl`), { flags: "a", mode: 0o600 });
    files.set(name, made);
    return made;
  };
  for (const { stream, write } of originals) {
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      const entry = logEntryOf(text);
      if (!entry) return write(chunk, ...rest);
      const isWritten = fileOf(entry.name).write(text);
      if (entry.isWarning) say(`${entry.level.toLowerCase()}  ${entry.name}: ${entry.message}\n`);
      return isWritten;
    };
  }
  return {
    say,
    close: async () => {
      for (const { stream, write } of originals) stream.write = write;
      await Promise.all([...files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
    },
  };
}

type LogEntry = { name: string; level: string; message: string; isWarning: boolean };

/** Undefined for everything that is not a line of a function's logger. */
export function logEntryOf(text: string): LogEntry | undefined {
  if (!text.startsWith("{")) return undefined;
  const fields = parsed(text);
  const level = fields?.["level"];
  if (typeof level !== "string") return undefined;
  const name = [fields?.["function_name"], fields?.["service"]].find((value) => typeof value === "string");
  const message = fields?.["message"];
  return {
    name: fileName(name ?? "functions"),
    level,
    message: typeof message === "string" ? message : "",
    isWarning: ["WARN", "ERROR", "CRITICAL"].includes(level.toUpperCase()),
  };
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w-]/g, "_");
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}
