import { pagesQuery } from "../../lib/all-pages.ts";
import { api, type GrantView } from "../../lib/api.ts";

/** The reader's grants page by page, as far back as they go; live ones are on the first page. */
export const endedGrantsQuery = pagesQuery<GrantView>(["grants", "list", "mine", "pages"], (cursor, signal) =>
  api.listGrants({ view: "mine", limit: 30, ...(cursor === undefined ? {} : { cursor }) }, signal),
);
