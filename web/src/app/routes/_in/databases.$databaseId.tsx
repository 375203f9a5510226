import { createFileRoute } from "@tanstack/react-router";
import { DatabasePage } from "../../../features/databases/DatabasePage.tsx";
import { databaseQuery } from "../../../lib/queries.ts";
import { scopeFromParam, scopeToParam } from "../../../lib/scope-param.ts";
import { present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/databases/$databaseId")({
  validateSearch: (search) => present({ q: textParam(search["q"]), open: textParam(search["open"]) }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(databaseQuery(params.databaseId));
  },
  component: function Database() {
    const { q, open } = Route.useSearch();
    const { databaseId } = Route.useParams();
    const navigate = Route.useNavigate();
    const tables = tablesOf(open);
    const go = (change: { q?: string | undefined; open?: string | undefined }) =>
      void navigate({
        search: (search) => present({ ...search, ...change }),
        replace: true,
        resetScroll: false,
      });
    const toggle = (schema: string, table: string) => {
      const others = tables.filter((each) => each.schema !== schema || each.table !== table);
      const next = others.length < tables.length ? others : [...tables, { schema, table }];
      go({ open: next.length === 0 ? undefined : scopeToParam({ kind: "objects", objects: next }) });
    };
    return (
      <DatabasePage
        key={databaseId}
        databaseId={databaseId}
        q={q ?? ""}
        onSearch={(text) => go({ q: textParam(text) })}
        open={new Set(tables.map(({ schema, table }) => `${schema}.${table ?? ""}`))}
        onToggle={toggle}
      />
    );
  },
});

/** The tables whose columns are shown, written like a scope: `public.orders,support.tickets`. */
function tablesOf(param: string | undefined) {
  const scope = scopeFromParam(param);
  return scope.kind === "objects" ? scope.objects : [];
}
