import { pagesQuery } from "../../lib/all-pages.ts";
import { api, type DatabaseView } from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";

/** Databases in the server's order: by environment, instance and name. */
export function databasePagesQuery(q: string) {
  return {
    ...pagesQuery<DatabaseView>(["databases", "pages", q], (cursor, signal) =>
      api.listDatabases({ limit: 100, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) }, signal),
    ),
    staleTime: 10_000,
    ...polled(30_000),
  };
}
