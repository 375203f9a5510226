import { createFileRoute } from "@tanstack/react-router";
import { SimulatorPage } from "../../../features/policies/SimulatorPage.tsx";
import { choiceParam, countParam, present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/policies/simulator")({
  validateSearch: (search) =>
    present({
      person: textParam(search["person"]),
      database: textParam(search["database"]),
      level: choiceParam(search["level"], ["read", "write", "ddl"]),
      duration: countParam(search["duration"]),
      kind: choiceParam(search["kind"], ["request", "break-glass"]),
    }),
  component: function Simulator() {
    const navigate = Route.useNavigate();
    return (
      <SimulatorPage
        question={Route.useSearch()}
        onQuestion={(question) =>
          void navigate({ search: present({ ...question }), replace: true, resetScroll: false })
        }
      />
    );
  },
});
