import { Button } from "@mantine/core";
import { IconPlus, IconShieldLock, IconStack2 } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { EnvironmentView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { Badge } from "../../ui/Badge.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { DeleteEnvironment } from "./DeleteEnvironment.tsx";
import { EnvironmentForm } from "./EnvironmentForm.tsx";
import classes from "./Rows.module.css";
import { SectionHead } from "./SectionHead.tsx";
import type { SectionProps } from "./SettingsPage.tsx";
import { environmentsQuery, instancesQuery } from "./settings-queries.ts";

/** The environments in their order; each is edited in its own place. */
export function EnvironmentsSection({ search, onSearch }: SectionProps) {
  const t = useTranslations("settings.environments");
  const { administers } = useMe();
  const query = useQuery(environmentsQuery);
  const { data: instances = [] } = useInfiniteQuery(instancesQuery);
  const isAdding = search.add === true && administers;
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => onSearch({ add: true })}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <SectionHead lead={t("lead")}>{administers && query.data?.items.length !== 0 ? add : null}</SectionHead>
      <QueryView query={query} skeleton={<RowsSkeleton rows={3} height={60} />}>
        {({ items }) =>
          items.length === 0 && !isAdding ? (
            <EmptyState icon={IconStack2} title={t("empty")} action={administers ? add : null}>
              {t("emptyText")}
            </EmptyState>
          ) : (
            <Panel padded={false}>
              <ul className={classes.rows}>
                {items.map((environment) => (
                  <EnvironmentRow
                    key={environment.id}
                    environment={environment}
                    instanceCount={instances.filter((each) => each.environment.id === environment.id).length}
                  />
                ))}
                {isAdding ? (
                  <li className={classes.row}>
                    <EnvironmentForm stored={null} onDone={() => onSearch({})} />
                  </li>
                ) : null}
              </ul>
            </Panel>
          )
        }
      </QueryView>
    </>
  );
}

function EnvironmentRow({
  environment,
  instanceCount,
}: {
  environment: EnvironmentView;
  instanceCount: number;
}) {
  const t = useTranslations("settings.environments");
  const { administers } = useMe();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const { name } = environment;
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <span className={classes.name}>{name}</span>
        {environment.protected ? (
          <Badge tone="guarded" icon={IconShieldLock} label={t("protected")} />
        ) : (
          <Badge tone="plain" label={t("notProtected")} />
        )}
        {administers && open === null ? (
          <span className={classes.right}>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={t("editName", { name })}
              onClick={() => setOpen("edit")}
            >
              {t("edit")}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={t("deleteName", { name })}
              onClick={() => setOpen("delete")}
            >
              {t("delete")}
            </Button>
          </span>
        ) : null}
      </div>
      <p className={classes.line}>
        {t("rank")} <span className="num">{environment.rank}</span> ·{" "}
        {t("instances", { count: instanceCount })}
      </p>
      {open === "edit" ? <EnvironmentForm stored={environment} onDone={() => setOpen(null)} /> : null}
      {open === "delete" ? (
        <DeleteEnvironment environment={environment} onDone={() => setOpen(null)} />
      ) : null}
    </li>
  );
}
