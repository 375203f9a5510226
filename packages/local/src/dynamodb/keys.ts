/**
 * The one key space of the LevelDB: kind, table and the rest, parted by `~`, which no table or index name
 * may contain. Everything that belongs to one table under one kind is one contiguous range.
 */
export const keys = {
  tables: "table~",
  table: (name: string) => `table~${name}`,
  items: (table: string) => `item~${table}~`,
  indexes: (table: string) => `index~${table}~`,
  index: (table: string, index: string) => `index~${table}~${index}~`,
  timeToLives: "ttl~",
  timeToLive: (table: string) => `ttl~${table}`,
  expiries: (table: string) => `expiry~${table}~`,
  streams: "stream~",
  stream: (table: string, label: string) => `stream~${table}~${label}`,
  records: (table: string, label: string) => `record~${table}~${label}~`,
  sequence: "meta~sequence",
  token: (token: string) => `token~${token}`,
  tokenAges: "token-age~",
  checkpoint: (streamArn: string, name: string) => `checkpoint~${streamArn}~${name}`,
  doomed: "doomed~",
} as const;

/** Above every key that begins with the prefix. */
export function endOf(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** A number as text that sorts like the number, for numbers from 0 to 10^width - 1. */
export function padded(value: number | bigint, width: number): string {
  return value.toString().padStart(width, "0");
}
