import { invalid } from "../kernel/errors.ts";
import type { Page } from "../kernel/page.ts";

/** One page of a list that is sorted in memory; the cursor is the id of the last one shown. */
export function slice<T>(
  sorted: readonly T[],
  idOf: (item: T) => string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Page<T> {
  const start = cursor === undefined ? 0 : sorted.findIndex((item) => idOf(item) === cursor) + 1;
  if (cursor !== undefined && start === 0) {
    throw invalid("page.cursor", "This cursor does not belong to this list.");
  }
  const items = sorted.slice(start, start + limit);
  const last = items.at(-1);
  const isLast = start + items.length >= sorted.length;
  return { items, nextCursor: isLast || last === undefined ? null : idOf(last) };
}
