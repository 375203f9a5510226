import { IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { Callout } from "../../ui/Callout.tsx";
import { ListView } from "../../ui/ListView.tsx";
import { Panel, Section } from "../../ui/Page.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { ArmedTable } from "./ArmedTable.tsx";
import classes from "./GuaranteeSection.module.css";
import { guaranteeGroups } from "./guarantee-groups.ts";
import { MovingList } from "./MovingList.tsx";
import { Promises } from "./Promises.tsx";
import { SectionHead } from "./SectionHead.tsx";
import { StuckGrant } from "./StuckGrant.tsx";
import { SweeperLine } from "./SweeperLine.tsx";
import { liveGrantsQuery } from "./settings-queries.ts";

/** What is lent out: what will end by itself, what is on its way, and what could not be taken back and why. */
export function GuaranteeSection() {
  const t = useTranslations("settings.guarantee");
  const query = useInfiniteQuery(liveGrantsQuery);
  const { rows, hold } = useHeldList(query.data, idOf);
  // The list is asked for every 5 s, which is often enough for the passing of time too.
  const groups = useMemo(() => guaranteeGroups(rows ?? [], serverNowMs()), [rows]);
  const moving = [...groups.starting, ...groups.revoking];
  return (
    <>
      <SectionHead lead={t("lead")} />
      <SweeperLine />
      <ListView query={query} skeleton={<RowsSkeleton rows={6} height={64} />}>
        {() => (
          <div {...hold}>
            <Counts groups={groups} />
            {groups.stuck.length === 0 ? (
              <div className={classes.good}>
                <Callout tone="green" icon={IconShieldCheck} title={t("allGood")}>
                  {t(groups.revoking.length > 0 ? "allGoodMoving" : "allGoodText")}
                </Callout>
              </div>
            ) : (
              <Section title={t("stuckTitle")}>
                <div className={classes.stuck}>
                  {groups.stuck.map((grant) => (
                    <StuckGrant key={grant.id} grant={grant} />
                  ))}
                </div>
              </Section>
            )}
            {moving.length === 0 ? null : (
              <Section title={t("movingTitle")}>
                <MovingList grants={moving} />
              </Section>
            )}
            <Section
              title={t("armedTitle")}
              aside={
                <Link to="/settings/$section" params={{ section: "reconciliation" }}>
                  {t("compare")}
                </Link>
              }
            >
              {groups.armed.length === 0 ? (
                <Panel>
                  <p className={classes.none}>{t("armedEmpty")}</p>
                </Panel>
              ) : (
                <ArmedTable grants={groups.armed} />
              )}
            </Section>
          </div>
        )}
      </ListView>
      <Promises />
    </>
  );
}

const counted = ["stuck", "revoking", "starting", "armed"] as const;

function Counts({ groups }: { groups: ReturnType<typeof guaranteeGroups> }) {
  const t = useTranslations("settings.guarantee.counts");
  return (
    <dl className={classes.counts}>
      {counted.map((name) => (
        <div
          key={name}
          className={classes.count}
          data-alarm={(name === "stuck" && groups.stuck.length > 0) || undefined}
        >
          <dt>
            {t(name)} <span className={classes.help}>{t(`${name}Help`)}</span>
          </dt>
          <dd className="num">{groups[name].length}</dd>
        </div>
      ))}
    </dl>
  );
}

function idOf(grant: GrantView): string {
  return grant.id;
}
