import { Button, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconSend } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { Ask, PreviewView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { Callout } from "../../ui/Callout.tsx";
import { KeyboardHint } from "../../ui/KeyboardHint.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { PrivilegeList } from "../../ui/PrivilegeList.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import { useStepText } from "../../ui/step-text.ts";
import classes from "./AskSummary.module.css";
import type { Draft } from "./draft.ts";

type Props = {
  ask: Ask | null;
  preview: UseQueryResult<PreviewView, Error>;
  draft: Draft;
  missing: string[];
  ready: boolean;
  sending: boolean;
  problem: Error | null;
  onEmergency: (emergency: boolean) => void;
};

/** What the form means, kept up to date as it changes; the send button stands under it. */
export function AskSummary({ ask, preview, draft, missing, ready, sending, problem, onEmergency }: Props) {
  const t = useTranslations("request.summary");
  const tForm = useTranslations("request.form");
  const emergency = draft.emergency === true;
  return (
    <aside className={classes.summary} aria-label={t("title")}>
      <h2 className={classes.title}>{t("title")}</h2>
      <div className={classes.body} aria-live="polite" aria-busy={preview.isFetching}>
        {ask === null ? (
          <p className={classes.hint}>{t("empty")}</p>
        ) : preview.isError ? (
          <ProblemNotice error={preview.error} onRetry={() => void preview.refetch()} />
        ) : preview.data === undefined ? (
          <TextSkeleton lines={7} />
        ) : (
          <Meaning ask={ask} preview={preview.data} />
        )}
        {emergency ? (
          <Callout tone="red" icon={IconAlertTriangle}>
            {tForm("emergencyOn")}
          </Callout>
        ) : null}
      </div>
      <div className={classes.foot}>
        {problem === null ? null : (
          <div className={classes.problem}>
            <ProblemNotice error={problem} />
          </div>
        )}
        <Button
          type="submit"
          fullWidth
          color={emergency ? "red" : "blue"}
          disabled={!ready}
          loading={sending}
          leftSection={<IconSend size={16} aria-hidden />}
          rightSection={<KeyboardHint keys="mod+Enter" />}
        >
          {emergency ? tForm("sendEmergency") : tForm("send")}
        </Button>
        <p className={classes.missing}>
          {missing.length > 0 ? tForm("missing", { what: missing.join(", ") }) : " "}
        </p>
        <UnstyledButton className={classes.emergency} onClick={() => onEmergency(!emergency)}>
          {emergency ? tForm("emergencyOff") : tForm("emergency")}
        </UnstyledButton>
      </div>
    </aside>
  );
}

function Meaning({ ask, preview }: { ask: Ask; preview: PreviewView }) {
  const t = useTranslations("request.summary");
  const tWords = useTranslations("words");
  const tellStep = useStepText();
  // To the minute, so that the line does not change under the eye every second.
  const endsAtMs = useTicking(() => Math.floor(serverNowMs() / 60_000 + ask.durationMinutes) * 60_000);
  if (!preview.allowed) {
    return (
      <>
        <Callout tone="red" icon={IconBan} title={t("notAllowed")}>
          {preview.reasons.map((reason) => (
            <p key={reason}>{reason}</p>
          ))}
        </Callout>
        <Link
          to="/policies/simulator"
          search={{ database: ask.databaseId, level: ask.level, duration: ask.durationMinutes }}
        >
          {t("why")}
        </Link>
      </>
    );
  }
  return (
    <>
      <PrivilegeList privileges={preview.privileges} of="you" />
      <div>
        <h3 className={classes.sub}>{t("decides")}</h3>
        {preview.automatic ? (
          <p>{tWords("automatic")}</p>
        ) : (
          <ol className={classes.steps}>
            {preview.steps.map((step, index) => (
              <li key={`${index} ${step.name ?? ""}`}>
                {preview.steps.length > 1 ? (
                  <span className={classes.number}>
                    {step.name ?? t("step", { number: String(index + 1) })}
                  </span>
                ) : null}
                {tellStep(step)}
              </li>
            ))}
          </ol>
        )}
        {preview.stuck === null ? null : (
          <Callout tone="amber" icon={IconAlertTriangle} title={t("stuck")}>
            {preview.stuck.message}
          </Callout>
        )}
        {preview.policy ? (
          <p className={classes.quiet}>{t("policy", { name: preview.policy.name })}</p>
        ) : null}
      </div>
      <div>
        <h3 className={classes.sub}>{t("ends")}</h3>
        <p>
          {t.rich("endsAt", {
            moment: () => <Moment at={new Date(endsAtMs).toISOString()} show="absolute" />,
          })}
        </p>
      </div>
    </>
  );
}
