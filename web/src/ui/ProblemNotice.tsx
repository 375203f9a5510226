import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { isPassing, Problem } from "../lib/problem.ts";
import { CopyButton } from "./CopyButton.tsx";
import classes from "./ProblemNotice.module.css";

type Props = { error: unknown; onRetry?: (() => void) | undefined };

/** What happened, what is safe, what to do, with the request id to copy. */
export function ProblemNotice({ error, onRetry }: Props) {
  const t = useTranslations("problems");
  const tUi = useTranslations("ui");
  const problem = error instanceof Problem ? error : null;
  const { title, advice } = useProblemText(error);
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle size={18} stroke={1.8} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {advice ? <p className={classes.advice}>{advice}</p> : null}
        {problem && problem.issues.length > 1 ? (
          <ul className={classes.issues}>
            {problem.issues.map((issue) => (
              <li key={`${issue.path} ${issue.message}`}>
                {issue.path ? <code>{issue.path}</code> : null} {issue.message}
              </li>
            ))}
          </ul>
        ) : null}
        {problem?.requestId ? (
          <p className={classes.requestId}>
            {t("requestId")} <code>{problem.requestId}</code>
            <CopyButton text={problem.requestId} what={t("requestId")} />
          </p>
        ) : null}
      </div>
      {onRetry && isPassing(error) ? (
        <Button size="xs" variant="default" onClick={onRetry}>
          {tUi("retry")}
        </Button>
      ) : null}
    </div>
  );
}

/** The sentence and the advice for an error, for those who show it in another shape. */
export function useProblemText(error: unknown): { title: string; advice: string | null } {
  const t = useTranslations("problems");
  if (!(error instanceof Problem)) return { title: t("crashed"), advice: t("crashedAdvice") };
  if (error.status === 0) return { title: t("network"), advice: t("networkAdvice") };
  if (error.status >= 500 && error.status !== 503) return { title: t("fault"), advice: t("faultAdvice") };
  if (error.message !== "") return { title: error.message, advice: null };
  switch (error.status) {
    case 401:
      return { title: t("unauthenticated"), advice: null };
    case 403:
      return { title: t("forbidden"), advice: null };
    case 404:
      return { title: t("notFound"), advice: null };
    case 429:
      return { title: t("limited"), advice: null };
    default:
      return { title: t("title"), advice: null };
  }
}
