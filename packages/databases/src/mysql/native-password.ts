import { createHash } from "node:crypto";

/** What mysql_native_password keeps in place of a password: `*` and the SHA-1 of its SHA-1. */
export function nativePasswordHash(password: string): string {
  const inner = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(inner).digest("hex").toUpperCase()}`;
}
