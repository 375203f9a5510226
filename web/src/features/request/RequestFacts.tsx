import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { RequestDetailView } from "../../lib/api.ts";
import { Duration, useDurationText } from "../../ui/Duration.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ScopeText } from "../../ui/ScopeText.tsx";
import classes from "./RequestFacts.module.css";
import { StepList } from "./StepList.tsx";

/** Who, what exactly, how long, by which policy, and who decides. */
export function RequestFacts({ request }: { request: RequestDetailView }) {
  const t = useTranslations("request.page");
  const tWords = useTranslations("words");
  const tell = useDurationText();
  const approved = request.approvedDurationMinutes;
  const shortened =
    request.status === "approved" && approved !== null && approved !== request.durationMinutes;
  const facts: { name: string; value: ReactNode }[] = [
    {
      name: t("requester"),
      value: (
        <>
          {request.requester.name} <span className={classes.quiet}>{request.requester.email}</span>
        </>
      ),
    },
    { name: t("groups"), value: request.requesterGroups.join(", ") || "–" },
    ...(request.kind === "access" ? [] : [{ name: t("kind"), value: tWords(`kind.${request.kind}`) }]),
    { name: t("level"), value: <LevelBadge level={request.level} /> },
    { name: t("scope"), value: <ScopeText scope={request.scope} /> },
    {
      name: t("duration"),
      value: shortened ? (
        t("durationShortened", {
          approved: tell(approved * 60_000),
          asked: tell(request.durationMinutes * 60_000),
        })
      ) : (
        <Duration minutes={request.durationMinutes} />
      ),
    },
    {
      name: t("policy"),
      value: (
        <Link to="/policies" search={{ policy: request.policy.id }}>
          {request.policy.name}
        </Link>
      ),
    },
    {
      name: t("approval"),
      value: request.automatic ? tWords("automatic") : <StepList steps={request.steps} />,
    },
    ...(request.status === "pending"
      ? [{ name: t("lapses"), value: <Moment at={request.lapsesAt} show="both" /> }]
      : []),
  ];
  return <Facts facts={facts} />;
}
