import { createFileRoute } from "@tanstack/react-router";
import { DatabasesPage } from "../../../features/databases/DatabasesPage.tsx";
import { databasePagesQuery } from "../../../features/databases/databases-query.ts";
import { present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/databases/")({
  validateSearch: (search) =>
    present({ q: textParam(search["q"]), environment: textParam(search["environment"]) }),
  loaderDeps: ({ search }) => ({ q: search.q ?? "" }),
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchInfiniteQuery(databasePagesQuery(deps.q));
  },
  component: function Databases() {
    const { q, environment } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <DatabasesPage
        q={q ?? ""}
        environment={environment}
        onSearch={(text) =>
          void navigate({
            search: (search) => present({ ...search, q: textParam(text) }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    );
  },
});
