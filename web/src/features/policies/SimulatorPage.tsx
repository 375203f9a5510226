import { IconHelpCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { Level, PolicyQuestion } from "../../lib/api.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import { Explanation } from "./Explanation.tsx";
import { PoliciesFrame } from "./PoliciesFrame.tsx";
import { QuestionForm } from "./QuestionForm.tsx";
import classes from "./SimulatorPage.module.css";
import { explanationQuery } from "./simulator-query.ts";

export type Question = {
  person?: string | undefined;
  database?: string | undefined;
  level?: Level;
  duration?: number;
  kind?: PolicyQuestion["kind"];
};

type Props = { question: Question; onQuestion: (question: Question) => void };

/** "Why may I not?": the decision for one person, database, level and duration, and everything behind it. */
export function SimulatorPage({ question, onQuestion }: Props) {
  const t = useTranslations("policies.simulator");
  return (
    <PoliciesFrame part="simulator">
      <p className={classes.lead}>{t("lead")}</p>
      <div className={classes.columns}>
        <QuestionForm question={question} onQuestion={onQuestion} />
        <div className={classes.answer} aria-live="polite">
          {question.database === undefined ? (
            <EmptyState icon={IconHelpCircle} title={t("chooseTitle")}>
              {t("choose")}
            </EmptyState>
          ) : (
            <Answer
              question={{
                databaseId: question.database,
                level: question.level ?? "read",
                durationMinutes: question.duration ?? 60,
                kind: question.kind ?? "request",
                ...(question.person ? { userId: question.person } : {}),
              }}
            />
          )}
        </div>
      </div>
    </PoliciesFrame>
  );
}

function Answer({ question }: { question: PolicyQuestion }) {
  const query = useQuery(explanationQuery(question));
  // A refusal of the question itself must not leave the answer to the one before it standing.
  const shown = query.isError ? { ...query, data: undefined } : query;
  return (
    <div className={classes.fresh} data-stale={query.isPlaceholderData || undefined}>
      <QueryView query={shown as typeof query} skeleton={<TextSkeleton lines={6} />}>
        {(explanation) => <Explanation explanation={explanation} question={question} />}
      </QueryView>
    </div>
  );
}
