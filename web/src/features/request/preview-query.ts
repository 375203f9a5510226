import { keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { type Ask, api } from "../../lib/api.ts";

/** What would happen if this were asked for now: nothing is filed, so it is asked as often as the form changes. */
export function previewQuery(ask: Ask | null) {
  return queryOptions({
    queryKey: ["requests", "preview", ask],
    queryFn: ask === null ? skipToken : () => api.previewRequest(ask),
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    retry: false,
  });
}
