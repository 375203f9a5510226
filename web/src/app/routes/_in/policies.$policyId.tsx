import { createFileRoute } from "@tanstack/react-router";
import { PolicyEditorPage } from "../../../features/policies/PolicyEditorPage.tsx";
import { choiceParam, present } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/policies/$policyId")({
  validateSearch: (search) => present({ view: choiceParam(search["view"], ["file"]) }),
  component: function Policy() {
    const { policyId } = Route.useParams();
    return <PolicyEditorPage key={policyId} policyId={policyId} view={Route.useSearch().view ?? "form"} />;
  },
});
