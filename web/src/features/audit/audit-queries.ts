import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type AuditPage, api } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { polled } from "../../lib/poll.ts";
import { type AuditSearch, auditFilterOf } from "./audit-filter.ts";
import { eventTimeMs } from "./event-time.ts";

const perPage = 50;

/** What is filtered, newest first. It is not refreshed under the reader's eye: `newestQuery` says when there is more. */
export const eventsQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", "search", search],
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      api.searchAudit(
        {
          ...auditFilterOf(search, serverNowMs()),
          limit: perPage,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: AuditPage) => last.nextCursor ?? undefined,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });

/** The newest event under the same filters. Free text is not asked for again and again: it looks through many. */
export const newestQuery = (search: AuditSearch) =>
  queryOptions({
    queryKey: ["audit", "newest", search],
    queryFn: async ({ signal }) => {
      const { items } = await api.searchAudit({ ...auditFilterOf(search, serverNowMs()), limit: 1 }, signal);
      return items[0]?.id ?? null;
    },
    enabled: search.q === undefined && search.to === undefined,
    ...polled(10_000),
  });

const mostPages = 20;

/** One event by its identifier, which tells the millisecond to look in; null when there is none. */
export const eventQuery = (eventId: string) =>
  queryOptions({
    queryKey: ["audit", "event", eventId],
    queryFn: async ({ signal }) => {
      const atMs = eventTimeMs(eventId);
      if (atMs === null) return null;
      const [from, to] = [new Date(atMs).toISOString(), new Date(atMs + 1).toISOString()];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const found = await api.searchAudit({ from, to, limit: 100, ...(cursor ? { cursor } : {}) }, signal);
        const event = found.items.find((item) => item.id === eventId);
        if (event !== undefined || found.nextCursor === null) return event ?? null;
        cursor = found.nextCursor;
      }
      return null;
    },
    // An event never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A request with its grant and extensions goes by one ULID; any identifier with it names the story. */
export function storySubject(story: string): string {
  return `grt_${story}`;
}
