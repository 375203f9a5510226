import type { ReactNode } from "react";
import classes from "./FieldGroup.module.css";

type Props = {
  title?: string;
  help?: string;
  error?: string | null;
  disabled?: boolean;
  children: ReactNode;
};

/** Fields that belong together under one legend, with what is wrong with them as a whole. */
export function FieldGroup({ title, help, error = null, disabled = false, children }: Props) {
  return (
    <fieldset className={classes.group} disabled={disabled} data-titled={title !== undefined || undefined}>
      {title ? <legend className={classes.legend}>{title}</legend> : null}
      {help ? <p className={classes.help}>{help}</p> : null}
      {children}
      {error ? <output className={classes.error}>{error}</output> : null}
    </fieldset>
  );
}
