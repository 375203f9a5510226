/** Work that falls due is spread over these keys, so that a mass expiry does not meet one partition's limit. */
export const shards = ["0", "1", "2", "3", "4", "5", "6", "7"] as const;

/** The last character of a ULID is random. */
export function shardOf(id: string): string {
  return String(id.charCodeAt(id.length - 1) % shards.length);
}
