import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { isOver } from "../../lib/is-over.ts";
import { MoreRows } from "../../ui/MoreRows.tsx";
import { Section } from "../../ui/Page.tsx";
import { EndedRow } from "./EndedRow.tsx";
import { endedGrantsQuery } from "./ended-grants-query.ts";
import classes from "./MyAccessPage.module.css";

const shownFirst = 8;

type Props = {
  /** The newest that have ended. */
  newest: readonly GrantView[];
  /** Whether older ones are on further pages. */
  hasOlder: boolean;
};

/** What has ended: the newest at first, then as far back as the reader wants. */
export function EndedSection({ newest, hasOlder }: Props) {
  const t = useTranslations("grant");
  const tUi = useTranslations("ui");
  const [opened, setOpened] = useState(false);
  const older = useInfiniteQuery({ ...endedGrantsQuery, enabled: opened && hasOlder });
  if (newest.length === 0) return null;
  const known = new Set(newest.map((grant) => grant.id));
  const behind = (older.data ?? []).filter((grant) => isOver(grant) && !known.has(grant.id));
  const rows = opened ? [...newest, ...behind] : newest.slice(0, shownFirst);
  return (
    <Section title={t("ended")}>
      <ul className={classes.rows}>
        {rows.map((grant) => (
          <EndedRow key={grant.id} grant={grant} />
        ))}
      </ul>
      {opened ? (
        <MoreRows query={older} />
      ) : newest.length > shownFirst || hasOlder ? (
        <div className={classes.more}>
          <Button variant="default" size="xs" onClick={() => setOpened(true)}>
            {tUi("more")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
