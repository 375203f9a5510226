import { createFileRoute } from "@tanstack/react-router";
import { InboxPage } from "../../../features/request/InboxPage.tsx";
import { inboxQuery } from "../../../features/request/inbox-query.ts";
import { present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/inbox")({
  validateSearch: (search) => present({ request: textParam(search["request"]) }),
  loader: ({ context }) => {
    void context.queryClient.prefetchInfiniteQuery(inboxQuery);
  },
  component: function Inbox() {
    const { request } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <InboxPage
        selected={request}
        onSelect={(id) =>
          void navigate({
            search: id === undefined ? {} : { request: id },
            replace: true,
            resetScroll: false,
          })
        }
      />
    );
  },
});
