import { createFileRoute } from "@tanstack/react-router";
import { MatrixPage } from "../../../features/policies/MatrixPage.tsx";
import { choiceParam, present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/policies/matrix")({
  validateSearch: (search) =>
    present({ level: choiceParam(search["level"], ["read", "write", "ddl"]), q: textParam(search["q"]) }),
  component: function Matrix() {
    const { level, q } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <MatrixPage
        level={level ?? "read"}
        q={q ?? ""}
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
