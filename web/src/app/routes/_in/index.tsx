import { createFileRoute } from "@tanstack/react-router";
import { grantPanels } from "../../../features/grant/grant-panel.ts";
import { MyAccessPage } from "../../../features/grant/MyAccessPage.tsx";
import { myGrantsQuery, requestsQuery } from "../../../lib/queries.ts";
import { choiceParam, present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/")({
  validateSearch: (search) =>
    present({ grant: textParam(search["grant"]), panel: choiceParam(search["panel"], grantPanels) }),
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(myGrantsQuery);
    void context.queryClient.prefetchQuery(requestsQuery("mine", "pending"));
    void context.queryClient.prefetchQuery(requestsQuery("mine"));
  },
  component: function MyAccess() {
    const { grant, panel } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <MyAccessPage
        opened={grant !== undefined && panel !== undefined ? { grantId: grant, panel } : null}
        onOpen={(opened) =>
          void navigate({
            search: opened === null ? {} : { grant: opened.grantId, panel: opened.panel },
            replace: true,
            resetScroll: false,
          })
        }
      />
    );
  },
});
