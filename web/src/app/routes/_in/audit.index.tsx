import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "../../../features/audit/AuditPage.tsx";
import { auditSearchOf } from "../../../features/audit/audit-filter.ts";
import { present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/audit/")({
  validateSearch: (search) => present({ ...auditSearchOf(search), event: textParam(search["event"]) }),
  component: function Audit() {
    const { event, ...search } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <AuditPage
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
        open={event}
        onOpen={(eventId) =>
          void navigate({
            search: present({ ...search, event: eventId }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    );
  },
});
