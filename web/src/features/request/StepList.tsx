import { IconCircleCheck, IconCircleDashed, IconClock } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";
import { useStepText } from "../../ui/step-text.ts";
import classes from "./StepList.module.css";

const icons = { done: IconCircleCheck, current: IconClock, waiting: IconCircleDashed } as const;

type Props = { steps: RequestView["steps"]; over: boolean };

/** The steps of an approval: who has approved, and who is asked now or next; once it is over, nobody is. */
export function StepList({ steps, over }: Props) {
  const t = useTranslations("words");
  const tellStep = useStepText();
  return (
    <ol className={classes.steps}>
      {steps.map((step, index) => {
        const status = over && step.status !== "done" ? "waiting" : step.status;
        const StepIcon = icons[status];
        const names = step.approvedBy.map((user) => user.name).join(", ");
        return (
          <li key={`${index} ${step.name ?? ""}`} data-status={status}>
            <StepIcon size={15} aria-hidden />
            <span>
              {step.name === null ? null : <span className={classes.name}>{step.name}: </span>}
              {step.status === "done" ? t("stepDone", { who: names }) : tellStep(step)}
              {step.status === "current" && names !== "" ? (
                <span className={classes.name}> · {t("stepDone", { who: names })}</span>
              ) : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
