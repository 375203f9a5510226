import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import classes from "./ConfirmPanel.module.css";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props = {
  title: string;
  /** What happens, in words. */
  consequence: ReactNode;
  confirm: string;
  onConfirm: () => void;
  onCancel: () => void;
  pending: boolean;
  disabled?: boolean;
  error?: unknown;
  /** A reason field, where one is wanted. */
  children?: ReactNode;
};

/** A destructive move asks again, in its place, with the consequence in words. */
export function ConfirmPanel(props: Props) {
  const t = useTranslations("ui");
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section ref={panel} tabIndex={-1} className={classes.panel} aria-label={props.title}>
      <h2 className={classes.title}>{props.title}</h2>
      <div className={classes.text}>{props.consequence}</div>
      {props.children}
      {props.error ? <ProblemNotice error={props.error} /> : null}
      <div className={classes.buttons}>
        <Button
          size="xs"
          color="red"
          loading={props.pending}
          disabled={props.disabled ?? false}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
        <Button size="xs" variant="default" onClick={props.onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </section>
  );
}
