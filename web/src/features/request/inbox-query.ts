import { pagesQuery } from "../../lib/all-pages.ts";
import { api, type RequestView } from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";

/** What waits for the reader's decision, oldest first, page by page. */
export const inboxQuery = {
  ...pagesQuery<RequestView>(["requests", "list", "to-review", "pages"], (cursor, signal) =>
    api.listRequests({ view: "to-review", limit: 50, ...(cursor === undefined ? {} : { cursor }) }, signal),
  ),
  ...polled(5_000),
};
