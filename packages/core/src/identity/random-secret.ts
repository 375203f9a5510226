import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits in 43 characters that need no escaping in a cookie, a header or an address. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What the table keeps of a secret; 256 random bits need no salt and no slow hash. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Another secret that follows from this one and tells nothing about it. */
export function derived(secret: string, label: string): string {
  return createHmac("sha256", secret).update(`daypass ${label}`).digest("base64url");
}

/** Compares in constant time; lengths may differ. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash("sha256").update(one).digest(),
    createHash("sha256").update(other).digest(),
  );
}
