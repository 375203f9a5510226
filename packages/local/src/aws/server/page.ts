import { AwsError } from "./aws-error.ts";

/**
 * One page of a list that is sorted already. The token names the last row shown, so rows that come or go between two
 * pages neither repeat nor hide others; a row that has gone itself makes the token invalid.
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  size: number,
  token: string | undefined,
  invalidCode: string,
): { items: readonly T[]; next: string | undefined } {
  let start = 0;
  if (token !== undefined) {
    const key = Buffer.from(token, "base64url").toString("utf8");
    start = all.findIndex((item) => keyOf(item) === key) + 1;
    if (start === 0) throw new AwsError(invalidCode, "The token is not valid.");
  }
  const items = all.slice(start, start + size);
  const last = items.at(-1);
  const isMore = start + items.length < all.length;
  return {
    items,
    next: isMore && last !== undefined ? Buffer.from(keyOf(last)).toString("base64url") : undefined,
  };
}
