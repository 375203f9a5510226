import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type NewTokenView, type TokenView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { Badge } from "../../ui/Badge.tsx";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { Panel } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { NewToken } from "./NewToken.tsx";
import classes from "./Rows.module.css";
import { SectionHead } from "./SectionHead.tsx";
import type { SectionProps } from "./SettingsPage.tsx";
import { tokensQuery } from "./settings-queries.ts";
import { TokenForm } from "./TokenForm.tsx";

/** The reader's own access tokens. A new one's secret lives in this page's memory until it is put away, and nowhere else. */
export function TokensSection({ search, onSearch }: SectionProps) {
  const t = useTranslations("settings.tokens");
  const query = useQuery(tokensQuery);
  const [made, setMade] = useState<NewTokenView | null>(null);
  const isAdding = search.add === true;
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => onSearch({ add: true })}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <SectionHead lead={t("lead")}>
        {isAdding || made || query.data?.items.length === 0 ? null : add}
      </SectionHead>
      {made ? <NewToken token={made} onStored={() => setMade(null)} /> : null}
      {isAdding ? (
        <TokenForm
          onMade={(token) => {
            setMade(token);
            onSearch({});
          }}
          onCancel={() => onSearch({})}
        />
      ) : null}
      <QueryView query={query} skeleton={<RowsSkeleton rows={2} height={60} />}>
        {({ items }) =>
          items.length === 0 ? (
            isAdding || made ? null : (
              <EmptyState icon={IconKey} title={t("empty")} action={add}>
                {t("emptyText")}
              </EmptyState>
            )
          ) : (
            <Panel padded={false}>
              <ul className={classes.rows}>
                {items.map((token) => (
                  <TokenRow key={token.id} token={token} />
                ))}
              </ul>
            </Panel>
          )
        }
      </QueryView>
    </>
  );
}

function TokenRow({ token }: { token: TokenView }) {
  const t = useTranslations("settings.tokens");
  const [revoking, setRevoking] = useState(false);
  const { name } = token;
  const isExpired = useTicking(() => Date.parse(token.expiresAt) <= serverNowMs());
  const moment = (at: string) => ({ moment: () => <Moment at={at} /> });
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <span className={classes.name}>{name}</span>
        {token.scopes.map((scope) => (
          <Badge key={scope} tone="plain" mono label={scope} title={t(`scopeHelp.${scope}`)} />
        ))}
        {revoking ? null : (
          <span className={classes.right}>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={t("revokeName", { name })}
              onClick={() => setRevoking(true)}
            >
              {t("revoke")}
            </Button>
          </span>
        )}
      </div>
      <p className={classes.line}>
        {t.rich("created", moment(token.createdAt))} ·{" "}
        {isExpired
          ? t.rich("expired", moment(token.expiresAt))
          : t.rich("expiresAt", moment(token.expiresAt))}{" "}
        · {token.lastUsedAt === null ? t("neverUsed") : t.rich("used", moment(token.lastUsedAt))}
      </p>
      {revoking ? <Revoke token={token} onDone={() => setRevoking(false)} /> : null}
    </li>
  );
}

function Revoke({ token, onDone }: { token: TokenView; onDone: () => void }) {
  const t = useTranslations("settings.tokens");
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.deleteToken(token.id),
    onSuccess: () => {
      notifyDone(t("revoked", { name: token.name }));
      onDone();
    },
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <ConfirmPanel
      title={t("revokeTitle", { name: token.name })}
      consequence={t("revokeText")}
      confirm={t("confirmRevoke")}
      onConfirm={() => revoke.mutate()}
      onCancel={onDone}
      pending={revoke.isPending}
      error={revoke.error}
    />
  );
}
