import { createFileRoute } from "@tanstack/react-router";
import { RequestFormPage } from "../../../features/request/RequestFormPage.tsx";
import { databasesQuery } from "../../../lib/queries.ts";
import { choiceParam, countParam, present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/request")({
  validateSearch: (search) =>
    present({
      database: textParam(search["database"]),
      level: choiceParam(search["level"], ["read", "write", "ddl"]),
      duration: countParam(search["duration"]),
      scope: textParam(search["scope"]),
      reason: textParam(search["reason"]),
      emergency: search["emergency"] === true ? (true as const) : undefined,
    }),
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(databasesQuery(""));
  },
  component: function RequestForm() {
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <RequestFormPage
        draft={search}
        onDraft={(draft) => void navigate({ search: draft, replace: true, resetScroll: false })}
      />
    );
  },
});
