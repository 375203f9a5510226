import { createFileRoute } from "@tanstack/react-router";
import { SettingsPage } from "../../../features/settings/SettingsPage.tsx";
import { sections } from "../../../features/settings/sections.ts";
import { choiceParam, present, textParam } from "../../../lib/search-params.ts";
import { MissingPage } from "../../shell/MissingPage.tsx";

export const Route = createFileRoute("/_in/settings/$section")({
  validateSearch: (search) =>
    present({
      q: textParam(search["q"]),
      instance: textParam(search["instance"]),
      person: textParam(search["person"]),
      add: search["add"] === true ? (true as const) : undefined,
      edit: search["edit"] === true ? (true as const) : undefined,
    }),
  component: function Settings() {
    const { section } = Route.useParams();
    const search = Route.useSearch();
    const navigate = Route.useNavigate();
    const known = choiceParam(section, sections);
    if (known === undefined) return <MissingPage />;
    return (
      <SettingsPage
        key={known}
        section={known}
        search={search}
        onSearch={(next) => void navigate({ search: next, resetScroll: false })}
      />
    );
  },
});
