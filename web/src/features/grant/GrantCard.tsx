import { Button } from "@mantine/core";
import { IconClockPlus, IconLogout2, IconPlugConnected } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ScopeText } from "../../ui/ScopeText.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import { TimeBar } from "../../ui/TimeBar.tsx";
import { TimeLeft } from "../../ui/TimeLeft.tsx";
import { ConnectPanel } from "./ConnectPanel.tsx";
import { EndPanel } from "./EndPanel.tsx";
import { ExtendPanel } from "./ExtendPanel.tsx";
import { FailureNotice } from "./FailureNotice.tsx";
import classes from "./GrantCard.module.css";
import type { GrantPanel } from "./grant-panel.ts";

type Props = {
  grant: GrantView;
  /** Which of its panels is open. */
  panel: GrantPanel | null;
  onPanel: (panel: GrantPanel | null) => void;
  linked?: boolean;
};

/** One grant: what, until when, and what can be done with it, in place. */
export function GrantCard({ grant, panel, onPanel, linked = true }: Props) {
  const t = useTranslations("grant");
  const name = <DatabaseName database={grant.database} size="large" />;
  const close = () => onPanel(null);
  const shown = panel !== null && isPossible(grant, panel) ? panel : null;
  return (
    <article className={classes.card} aria-label={`${grant.database.name}, ${grant.level}`}>
      <div className={classes.top}>
        <div className={classes.what}>
          <div className={classes.head}>
            {linked ? (
              <Link to="/grants/$grantId" params={{ grantId: grant.id }} className={classes.link}>
                {name}
              </Link>
            ) : (
              name
            )}
            <LevelBadge level={grant.level} />
            <GrantStatusBadge grant={grant} />
          </div>
          {grant.scope.kind === "objects" ? (
            <div className={classes.scope}>
              <ScopeText scope={grant.scope} />
            </div>
          ) : null}
        </div>
        <Time grant={grant} />
      </div>
      {grant.startedAt !== null && grant.endsAt !== null && grant.state === "active" ? (
        <TimeBar startedAt={grant.startedAt} endsAt={grant.endsAt} />
      ) : null}
      {grant.may.showCredential || grant.may.extend || grant.may.end || grant.pendingExtensionId !== null ? (
        <div className={classes.foot}>
          <div className={classes.actions}>
            {grant.may.showCredential ? (
              <PanelButton panel="connect" shown={shown} onPanel={onPanel} icon={IconPlugConnected} primary>
                {t("connect")}
              </PanelButton>
            ) : null}
            {grant.may.extend ? (
              <PanelButton panel="extend" shown={shown} onPanel={onPanel} icon={IconClockPlus}>
                {t("extend")}
              </PanelButton>
            ) : null}
            {grant.may.end ? (
              <PanelButton panel="end" shown={shown} onPanel={onPanel} icon={IconLogout2}>
                {grant.may.showCredential || grant.may.extend ? t("done") : t("end")}
              </PanelButton>
            ) : null}
          </div>
          {grant.pendingExtensionId === null ? null : (
            <span className={classes.note}>
              {t("extensionPending")}{" "}
              <Link to="/requests/$requestId" params={{ requestId: grant.pendingExtensionId }}>
                {t("extensionLink")}
              </Link>
            </span>
          )}
        </div>
      ) : null}
      {grant.failure === null ? null : <FailureNotice grant={grant} failure={grant.failure} />}
      {shown === "connect" ? <ConnectPanel grant={grant} onClose={close} /> : null}
      {shown === "extend" ? <ExtendPanel grant={grant} onClose={close} /> : null}
      {shown === "end" ? <EndPanel grant={grant} onClose={close} /> : null}
    </article>
  );
}

function Time({ grant }: { grant: GrantView }) {
  const t = useTranslations("grant");
  const tell = useDurationText();
  if (grant.state === "planned" || grant.state === "provisioning") {
    return (
      <div className={classes.time}>
        {grant.failure === null ? <span>{t("starting")}</span> : null}
        <span className={classes.until}>
          {t("startsClock", { duration: tell(grant.durationMinutes * 60_000) })}
        </span>
      </div>
    );
  }
  const { endsAt } = grant;
  if (grant.state === "active" && endsAt !== null) {
    return (
      <div className={classes.time}>
        <strong>
          <TimeLeft endsAt={endsAt} />
        </strong>
        <span className={classes.until}>
          {t.rich("until", { moment: () => <Moment at={endsAt} show="absolute" /> })}
        </span>
      </div>
    );
  }
  if (grant.state === "revoking" && grant.failure === null) {
    return <div className={classes.time}>{t("revoking")}</div>;
  }
  return grant.endsAt === null ? null : (
    <div className={classes.time}>
      <span className={classes.until}>
        <Moment at={grant.endsAt} show="both" />
      </span>
    </div>
  );
}

type PanelButtonProps = {
  panel: GrantPanel;
  shown: GrantPanel | null;
  onPanel: (panel: GrantPanel | null) => void;
  icon: typeof IconClockPlus;
  primary?: boolean;
  children: string;
};

function PanelButton({
  panel,
  shown,
  onPanel,
  icon: PanelIcon,
  primary = false,
  children,
}: PanelButtonProps) {
  return (
    <Button
      size="xs"
      variant={primary ? "filled" : "default"}
      leftSection={<PanelIcon size={15} aria-hidden />}
      aria-expanded={shown === panel}
      onClick={() => onPanel(shown === panel ? null : panel)}
    >
      {children}
    </Button>
  );
}

function isPossible(grant: GrantView, panel: GrantPanel): boolean {
  if (panel === "connect") return grant.may.showCredential;
  return panel === "extend" ? grant.may.extend : grant.may.end;
}
