import { createFileRoute } from "@tanstack/react-router";
import { GrantPage } from "../../../features/grant/GrantPage.tsx";
import { grantPanels } from "../../../features/grant/grant-panel.ts";
import { grantQuery } from "../../../lib/queries.ts";
import { choiceParam, present } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/grants/$grantId")({
  validateSearch: (search) => present({ panel: choiceParam(search["panel"], grantPanels) }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(grantQuery(params.grantId));
  },
  component: function Grant() {
    const { panel } = Route.useSearch();
    const { grantId } = Route.useParams();
    const navigate = Route.useNavigate();
    return (
      <GrantPage
        grantId={grantId}
        panel={panel ?? null}
        onPanel={(next) =>
          void navigate({ search: next === null ? {} : { panel: next }, replace: true, resetScroll: false })
        }
      />
    );
  },
});
