import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { GrantView, RequestView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { isOver } from "../../lib/is-over.ts";
import { myGrantsQuery, overdueGrantsQuery, requestsQuery } from "../../lib/queries.ts";
import { useMe } from "../../lib/roles.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { EndedSection } from "./EndedSection.tsx";
import { GrantCards, type OpenedPanel } from "./GrantCards.tsx";
import { isBeingTakenBack } from "./is-being-taken-back.ts";
import { latelyRefused } from "./lately-refused.ts";
import classes from "./MyAccessPage.module.css";
import { OverdueSection } from "./OverdueSection.tsx";
import { PendingRow } from "./PendingRow.tsx";
import { RefusedRow } from "./RefusedRow.tsx";
import { soonestFirst } from "./soonest-first.ts";

type Props = {
  opened: OpenedPanel;
  onOpen: (opened: OpenedPanel) => void;
};

const skeleton = <RowsSkeleton rows={3} height={112} />;

/** Home: what I have and until when, what is being taken back, what I wait for, what has ended. */
export function MyAccessPage({ opened, onOpen }: Props) {
  const t = useTranslations("grant");
  const grants = useQuery(myGrantsQuery);
  const pending = useQuery(requestsQuery("mine", "pending"));
  const mine = useQuery(requestsQuery("mine"));
  const { seesAll } = useMe();
  const overdue = useQuery({ ...overdueGrantsQuery, enabled: seesAll });
  const refused = latelyRefused(mine.data?.items ?? [], serverNowMs());
  const isEmpty = grants.data?.items.length === 0 && pending.data?.items.length === 0;
  const items = useMemo(() => grants.data && soonestFirst(grants.data.items), [grants.data]);
  const { rows: heldGrants, hold } = useHeldList(items, idOf);
  const { rows: heldPending, hold: holdPending } = useHeldList(pending.data?.items, idOf);
  return (
    <Page
      title={t("title")}
      actions={
        isEmpty ? null : (
          <LinkButton to="/request" leftSection={<IconPlus size={16} aria-hidden />}>
            {t("ask")}
          </LinkButton>
        )
      }
    >
      <QueryView query={grants} skeleton={skeleton}>
        {(page) => {
          // Everything at once: a part that comes later would push the ones under it down.
          if (pending.isPending || mine.isPending || (seesAll && overdue.isPending)) return skeleton;
          const all = heldGrants ?? page.items;
          const live = all.filter((grant) => !isOver(grant));
          const ended = all.filter((grant) => isOver(grant));
          const leaving = live.filter(isBeingTakenBack);
          const running = live.filter((grant) => !isBeingTakenBack(grant));
          const waiting = heldPending ?? [];
          return (
            <>
              {overdue.data ? (
                <OverdueSection ended={overdue.data.items} hasMore={overdue.data.nextCursor !== null} />
              ) : null}
              {live.length === 0 && waiting.length === 0 ? <NoAccess withButton={isEmpty} /> : null}
              <GrantCards title={t("running")} grants={running} {...{ hold, opened, onOpen }} />
              <GrantCards title={t("leaving")} grants={leaving} {...{ hold, opened, onOpen }} />
              {waiting.length === 0 ? null : (
                <Section title={t("waiting")}>
                  <ul className={classes.rows} {...holdPending}>
                    {waiting.map((request) => (
                      <PendingRow key={request.id} request={request} />
                    ))}
                  </ul>
                </Section>
              )}
              {refused.length === 0 ? null : (
                <Section title={t("refused")}>
                  <ul className={classes.rows}>
                    {refused.map((request) => (
                      <RefusedRow key={request.id} request={request} />
                    ))}
                  </ul>
                </Section>
              )}
              <EndedSection newest={ended} hasOlder={page.nextCursor !== null} />
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}

/** The button is here as long as nothing else is on the page; afterwards it stands beside the title. */
function NoAccess({ withButton }: { withButton: boolean }) {
  const t = useTranslations("grant");
  return (
    <div className={classes.none}>
      <EmptyState
        icon={IconKey}
        title={t("emptyTitle")}
        action={
          withButton ? (
            <LinkButton to="/request" leftSection={<IconPlus size={16} aria-hidden />}>
              {t("ask")}
            </LinkButton>
          ) : null
        }
      >
        {t("empty")}
      </EmptyState>
    </div>
  );
}

function idOf(item: GrantView | RequestView): string {
  return item.id;
}
