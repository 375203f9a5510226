import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Page } from "./api.ts";

/** A list that goes on behind its first page: `select` gives all items read so far. */
export function pagesQuery<T>(
  queryKey: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<T>) => last.nextCursor ?? undefined,
    select: ({ pages }: { pages: Page<T>[] }) => pages.flatMap((page) => page.items),
  });
}
