import type { Log } from "@daypass/core/kernel/context.ts";

type Fields = Record<string, unknown>;
type Sink = Record<keyof Log, (message: string, fields: Fields) => void>;

/** A log that no secret gets through: fields that are named like one, or hold something shaped like one, are struck
 * out, and an error is told by its class and where it was thrown, never by its message. */
export function safeLog(sink: Sink): Log {
  const line = (level: keyof Log) => (message: string, fields?: Fields) =>
    sink[level](strike(message), clean(fields ?? {}) as Fields);
  return { info: line("info"), warn: line("warn"), error: line("error") };
}

/** Class, place and, of an AWS call, its request id. Messages of drivers and clients repeat values. */
export function describeError(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error };
  const { $metadata, code, cause } = error as Error & {
    $metadata?: { requestId?: unknown; httpStatusCode?: unknown };
    code?: unknown;
  };
  return {
    error: error.name,
    ...(typeof code === "string" && /^[A-Za-z0-9._-]{1,60}$/.test(code) ? { code } : {}),
    ...($metadata ? { awsRequestId: $metadata.requestId, awsStatus: $metadata.httpStatusCode } : {}),
    at: framesOf(error),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

function framesOf({ stack }: Error): string[] {
  return (stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
}

const secretNames =
  /pass(?:word|wd|phrase)?$|secret(?!name)|token|authorization|cookie|credential|verifier|^uri$|^jdbc$|^psql$|private.?key/i;
const secretShapes = [
  /dpt_[0-9A-Za-z]{26}_[A-Za-z0-9_-]+/g,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/gi,
  /\bBearer\s+\S+/gi,
  /SCRAM-SHA-256\$\S+/g,
  /\b(?:PGPASSWORD|MYSQL_PWD)=\S+/g,
  /\*[0-9A-F]{40}\b/g,
  /\bpassword=[^\s&]+/gi,
];
const struck = "[struck out]";

function clean(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return strike(value);
  if (value instanceof Error) return describeError(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 5) return "[deeper]";
  if (Array.isArray(value)) return value.map((entry) => clean(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      secretNames.test(name) && entry !== null ? struck : clean(entry, depth + 1),
    ]),
  );
}

function strike(text: string): string {
  return secretShapes.reduce((rest, shape) => rest.replaceAll(shape, struck), text);
}
