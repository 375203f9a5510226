import { IconArrowLeft, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { useShortcuts } from "../../lib/use-shortcuts.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { KeyboardHint } from "../../ui/KeyboardHint.tsx";
import { MoreRows } from "../../ui/MoreRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { InboxDetail } from "./InboxDetail.tsx";
import classes from "./InboxPage.module.css";
import { InboxRow } from "./InboxRow.tsx";
import { inboxQuery } from "./inbox-query.ts";
import { StuckRequests } from "./StuckRequests.tsx";

type Props = { selected: string | undefined; onSelect: (requestId: string | undefined) => void };

/** What waits for the reader's decision: the list on the left, everything needed to decide on the right. */
export function InboxPage({ selected, onSelect }: Props) {
  const t = useTranslations("inbox");
  const { administers } = useMe();
  const requests = useInfiniteQuery(inboxQuery);
  const { rows, hold } = useHeldList(requests.data, idOf);
  const list = rows ?? [];
  const shown = selected ?? list[0]?.id;
  const index = list.findIndex((request) => request.id === shown);
  const move = (by: number) => {
    const next = list[Math.min(list.length - 1, Math.max(0, index + by))];
    if (next !== undefined) onSelect(next.id);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1) });
  return (
    <Page title={t("title")} width="wide">
      {administers ? <StuckRequests /> : null}
      <QueryView query={requests} skeleton={<RowsSkeleton rows={4} height={84} />}>
        {() =>
          list.length === 0 && selected === undefined ? (
            <EmptyState icon={IconInbox} title={t("emptyTitle")}>
              {t("empty")}
            </EmptyState>
          ) : (
            <div className={classes.columns} data-selected={selected !== undefined || undefined}>
              <div className={classes.list} {...hold}>
                <ul aria-label={t("list")}>
                  {list.map((request) => (
                    <InboxRow key={request.id} request={request} current={request.id === shown} />
                  ))}
                </ul>
                <MoreRows query={requests} />
                <p className={classes.keys}>
                  <KeyboardHint keys="j+k" />{" "}
                  {t.rich("keys", {
                    approve: () => <KeyboardHint keys="a" />,
                    reject: () => <KeyboardHint keys="r" />,
                  })}
                </p>
              </div>
              <div className={classes.detail}>
                <Link to="/inbox" className={classes.back}>
                  <IconArrowLeft size={16} aria-hidden /> {t("back")}
                </Link>
                {shown === undefined ? null : (
                  <InboxDetail
                    key={shown}
                    requestId={shown}
                    onDecided={() => onSelect((list[index + 1] ?? list[index - 1])?.id)}
                  />
                )}
              </div>
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}

function idOf(request: RequestView): string {
  return request.id;
}
