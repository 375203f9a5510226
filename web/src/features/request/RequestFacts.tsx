import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { RequestDetailView } from "../../lib/api.ts";
import { meQuery } from "../../lib/queries.ts";
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
    ...extensionFacts(request, t),
    {
      name: t("policy"),
      value: <PolicyName policy={request.policy} />,
    },
    {
      name: t("approval"),
      value: request.automatic ? (
        tWords("automatic")
      ) : (
        <StepList steps={request.steps} over={request.status !== "pending"} />
      ),
    },
    ...(request.status === "pending"
      ? [{ name: t("lapses"), value: <Moment at={request.lapsesAt} show="both" /> }]
      : []),
  ];
  return <Facts facts={facts} />;
}

/** What an extension that waits would move: the end as it is, and as it would be. */
function extensionFacts(
  request: RequestDetailView,
  t: ReturnType<typeof useTranslations<"request.page">>,
): { name: string; value: ReactNode }[] {
  const endsAt = request.grant?.endsAt ?? null;
  if (request.kind !== "extension" || request.status !== "pending" || endsAt === null) return [];
  const wouldEnd = new Date(Date.parse(endsAt) + request.durationMinutes * 60_000).toISOString();
  return [
    { name: t("endsNow"), value: <Moment at={endsAt} show="both" /> },
    { name: t("wouldEnd"), value: <Moment at={wouldEnd} show="both" /> },
  ];
}

/** A link for those who may read policies. */
function PolicyName({ policy }: { policy: RequestDetailView["policy"] }) {
  const { data: me } = useQuery(meQuery);
  const mayRead = me?.roles.some((role) => role !== "member") ?? false;
  if (!mayRead) return <span>{policy.name}</span>;
  return (
    <Link to="/policies/$policyId" params={{ policyId: policy.id }}>
      {policy.name}
    </Link>
  );
}
