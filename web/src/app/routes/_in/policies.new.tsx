import { createFileRoute } from "@tanstack/react-router";
import { PolicyEditorPage } from "../../../features/policies/PolicyEditorPage.tsx";
import { choiceParam, present } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/policies/new")({
  validateSearch: (search) => present({ view: choiceParam(search["view"], ["file"]) }),
  component: function NewPolicy() {
    return <PolicyEditorPage policyId={undefined} view={Route.useSearch().view ?? "form"} />;
  },
});
