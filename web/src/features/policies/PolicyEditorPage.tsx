import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useMe } from "../../lib/roles.ts";
import { NotAllowed } from "../../ui/NotAllowed.tsx";
import { NothingHere } from "../../ui/NothingHere.tsx";
import { Page } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { PolicyEditor } from "./PolicyEditor.tsx";
import { policiesQuery } from "./policies-query.ts";

type Props = {
  /** undefined: a new one. */
  policyId: string | undefined;
  /** Which side a small screen shows. */
  view: "form" | "file";
};

/** One policy: form and file side by side. */
export function PolicyEditorPage({ policyId, view }: Props) {
  const t = useTranslations("policies");
  const { seesAll, administers } = useMe();
  const query = useQuery({ ...policiesQuery, enabled: seesAll && policyId !== undefined });
  const stored = query.data?.items.find((policy) => policy.id === policyId);
  const isNew = policyId === undefined;
  return (
    <Page
      title={isNew ? t("editor.newTitle") : (stored?.policy.name ?? t("title"))}
      width="wide"
      description={<Link to="/policies">{t("editor.back")}</Link>}
    >
      {!seesAll || (isNew && !administers) ? (
        <NotAllowed what={t("notAllowed.what")} who={t("notAllowed.who")} />
      ) : isNew ? (
        <PolicyEditor stored={null} mayChange view={view} />
      ) : (
        <QueryView query={query} skeleton={<RowsSkeleton rows={6} height={88} />}>
          {() =>
            stored ? (
              <PolicyEditor key={stored.id} stored={stored} mayChange={administers} view={view} />
            ) : (
              <NothingHere />
            )
          }
        </QueryView>
      )}
    </Page>
  );
}
