import { IconCircleCheck, IconCircleX, IconUserCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { ExplanationView, PolicyQuestion } from "../../lib/api.ts";
import { useNameOf } from "../../lib/people.ts";
import { useMe } from "../../lib/roles.ts";
import { Callout } from "../../ui/Callout.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { useNamesText } from "../../ui/names-text.ts";
import { Section } from "../../ui/Page.tsx";
import { ConsideredList } from "./ConsideredList.tsx";
import classes from "./Explanation.module.css";
import { useHoursText } from "./hours-text.ts";
import { PolicyName } from "./PolicyName.tsx";
import { type ReasonView, useReasonText } from "./reason-text.ts";

type Props = { explanation: ExplanationView; question: PolicyQuestion };

/** The decision first, then what would be needed, then every policy that was looked at. */
export function Explanation({ explanation, question }: Props) {
  const t = useTranslations("policies.simulator");
  const { seesAll } = useMe();
  const reasonText = useReasonText(useNameOf(seesAll, seesAll ? undefined : t("somebody")));
  const { decision, needed, considered, stuck } = explanation;
  return (
    <div className={classes.explanation}>
      {decision.outcome === "allowed" ? (
        <Allowed decision={decision} question={question} />
      ) : (
        <Refused decision={decision} reasonText={reasonText} />
      )}
      {stuck === null ? null : <Callout tone="amber">{stuck.message}</Callout>}
      {decision.outcome === "refused" && (needed.length > 0 || decision.code === "policy.no-match") ? (
        <Section title={t("needed")}>
          <Needed needed={needed} reasonText={reasonText} />
        </Section>
      ) : null}
      <Section title={seesAll ? t("considered") : t("consideredOwn")}>
        <ConsideredList considered={considered} reasonText={reasonText} />
        {seesAll ? null : <p className={classes.help}>{t("readonlyHelp")}</p>}
      </Section>
    </div>
  );
}

type AllowedDecision = Extract<ExplanationView["decision"], { outcome: "allowed" }>;

function Allowed({ decision, question }: { decision: AllowedDecision; question: PolicyQuestion }) {
  const t = useTranslations("policies.simulator");
  const tell = useDurationText();
  const names = useNamesText();
  const tSentence = useTranslations("policies.sentence");
  const tellHours = useHoursText();
  const { seesAll } = useMe();
  const nameOf = useNameOf(seesAll, seesAll ? undefined : t("somebody"));
  const max = tell(decision.maxDurationMinutes * 60_000);
  const total = tell(decision.maxTotalMinutes * 60_000);
  const Mark = decision.automatic ? IconCircleCheck : IconUserCheck;
  const extras = [
    ...(decision.unmask ? [tSentence("unmask")] : []),
    ...(decision.export ? [tSentence("export")] : []),
  ];
  const facts = [
    ...(decision.automatic
      ? []
      : [{ name: t("who"), value: <ApprovalSteps steps={decision.steps} nameOf={nameOf} /> }]),
    {
      name: t("atMost"),
      value:
        decision.maxTotalMinutes > decision.maxDurationMinutes ? t("withExtensions", { max, total }) : max,
    },
    { name: t("hours"), value: decision.hours ? tellHours(decision.hours) : t("anyTime") },
    { name: t("includes"), value: extras.length > 0 ? names(extras) : t("nothingMore") },
  ];
  return (
    <div className={classes.decision} data-tone={decision.automatic ? "green" : "amber"}>
      <div className={classes.head}>
        <Mark size={20} aria-hidden />
        <h2 className={classes.title}>{decision.automatic ? t("automatic") : t("allowed")}</h2>
        {question.userId === undefined ? (
          <LinkButton
            size="xs"
            to="/request"
            search={{
              database: question.databaseId,
              level: question.level,
              duration: question.durationMinutes,
              ...(question.kind === "break-glass" ? { emergency: true as const } : {}),
            }}
          >
            {t("ask")}
          </LinkButton>
        ) : null}
      </div>
      <p className={classes.by}>
        {t.rich("by", {
          policy: () => <PolicyName id={decision.policyId} name={decision.policyName} />,
        })}
      </p>
      <Facts facts={facts} />
    </div>
  );
}

function ApprovalSteps({
  steps,
  nameOf,
}: {
  steps: AllowedDecision["steps"];
  nameOf: (userId: string) => string;
}) {
  const t = useTranslations("policies.sentence");
  const names = useNamesText();
  return (
    <ol className={classes.steps}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no names of their own and do not move
        <li key={index}>
          {step.name ? <strong>{step.name}: </strong> : null}
          {t("step", { count: step.count, who: names([...step.groups, ...step.users.map(nameOf)], "or") })}
        </li>
      ))}
    </ol>
  );
}

type RefusedProps = {
  decision: Extract<ExplanationView["decision"], { outcome: "refused" }>;
  reasonText: (reason: ReasonView) => string;
};

/** These say all by themselves; every other reason is what the nearest policies would have let through. */
const complete = ["policy.no-match", "policy.denied", "policy.user-suspended", "policy.invalid-question"];

function Refused({ decision: { code, reasons }, reasonText }: RefusedProps) {
  const t = useTranslations("policies.simulator");
  return (
    <div className={classes.decision} data-tone="red">
      <div className={classes.head}>
        <IconCircleX size={20} aria-hidden />
        <h2 className={classes.title}>{t("refused")}</h2>
      </div>
      {complete.includes(code) ? (
        reasons.map((reason) => <p key={reason.code}>{reasonText(reason)}</p>)
      ) : (
        <>
          <p>{t("refusedLead")}</p>
          <ul className={classes.reasons}>
            {reasons.map((reason) => (
              <li key={reason.code}>{reasonText(reason)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

type NeededProps = { needed: ExplanationView["needed"]; reasonText: (reason: ReasonView) => string };

function Needed({ needed, reasonText }: NeededProps) {
  const t = useTranslations("policies.simulator");
  const { administers } = useMe();
  if (needed.length === 0) {
    return (
      <p className={classes.help}>
        {t("noWay")} {administers ? <Link to="/policies/new">{t("write")}</Link> : null}
      </p>
    );
  }
  return (
    <div className={classes.needed}>
      {needed.length > 1 ? <p className={classes.help}>{t("neededHelp")}</p> : null}
      {needed.map((way) => (
        <div key={way.policyId} className={classes.way}>
          <p>
            {t.rich("neededOf", { policy: () => <PolicyName id={way.policyId} name={way.policyName} /> })}
          </p>
          <ul>
            {way.reasons.map((reason) => (
              <li key={reason.code}>{reasonText(reason)}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
