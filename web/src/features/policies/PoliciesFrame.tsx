import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useMe } from "../../lib/roles.ts";
import { NotAllowed } from "../../ui/NotAllowed.tsx";
import { Page } from "../../ui/Page.tsx";
import { TabLinks } from "../../ui/TabLinks.tsx";

type Props = { part: "list" | "simulator" | "matrix"; actions?: ReactNode; children: ReactNode };

/** The parts of the policies under one title. Members have the simulator alone, for themselves. */
export function PoliciesFrame({ part, actions, children }: Props) {
  const t = useTranslations("policies");
  const { seesAll } = useMe();
  return (
    <Page title={t("title")} width="wide" actions={actions}>
      {seesAll ? (
        <TabLinks label={t("tabs.label")}>
          <Link to="/policies" activeOptions={{ exact: true, includeSearch: false }}>
            {t("tabs.list")}
          </Link>
          <Link to="/policies/simulator" activeOptions={{ includeSearch: false }}>
            {t("tabs.simulator")}
          </Link>
          <Link to="/policies/matrix" activeOptions={{ includeSearch: false }}>
            {t("tabs.matrix")}
          </Link>
        </TabLinks>
      ) : null}
      {seesAll || part === "simulator" ? (
        children
      ) : (
        <NotAllowed what={t("notAllowed.what")} who={t("notAllowed.who")} />
      )}
    </Page>
  );
}
