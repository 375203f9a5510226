import { IconPlus, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useNameOf } from "../../lib/people.ts";
import { useMe } from "../../lib/roles.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Panel } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { PoliciesFrame } from "./PoliciesFrame.tsx";
import classes from "./PoliciesPage.module.css";
import { PolicyRow } from "./PolicyRow.tsx";
import { policiesQuery } from "./policies-query.ts";

type Props = { q: string; onSearch: (q: string) => void };

/** All policies with what each does in plain sentences. */
export function PoliciesPage({ q, onSearch }: Props) {
  const t = useTranslations("policies.list");
  const { administers } = useMe();
  return (
    <PoliciesFrame
      part="list"
      actions={
        administers ? (
          <LinkButton to="/policies/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {t("add")}
          </LinkButton>
        ) : null
      }
    >
      <PolicyList q={q} onSearch={onSearch} />
    </PoliciesFrame>
  );
}

function PolicyList({ q, onSearch }: Props) {
  const t = useTranslations("policies.list");
  const { administers } = useMe();
  const query = useQuery(policiesQuery);
  const { rows = [], hold } = useHeldList(query.data?.items, idOf);
  const nameOf = useNameOf(true);
  const wanted = q.toLowerCase();
  const shown = rows.filter(({ policy }) => JSON.stringify(policy).toLowerCase().includes(wanted));
  return (
    <QueryView query={query} skeleton={<RowsSkeleton rows={5} height={92} />}>
      {() =>
        rows.length === 0 ? (
          <EmptyState
            icon={IconShieldOff}
            title={t("emptyTitle")}
            action={administers ? <LinkButton to="/policies/new">{t("add")}</LinkButton> : null}
          >
            {t("empty")}
          </EmptyState>
        ) : (
          <>
            <div className={classes.filters}>
              <SearchField label={t("search")} value={q} onSearch={onSearch} delayMs={120} />
            </div>
            {shown.length === 0 ? (
              <EmptyState icon={IconShieldOff} title={t("nothing", { query: q })} />
            ) : null}
            {shown.length === 0 ? null : (
              <Panel padded={false}>
                <ul className={classes.rows} {...hold}>
                  {shown.map((policy) => (
                    <PolicyRow key={policy.id} policy={policy} nameOf={nameOf} mayChange={administers} />
                  ))}
                </ul>
              </Panel>
            )}
          </>
        )
      }
    </QueryView>
  );
}

function idOf(policy: { id: string }): string {
  return policy.id;
}
