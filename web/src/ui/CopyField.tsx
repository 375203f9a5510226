import { CopyButton } from "./CopyButton.tsx";
import classes from "./CopyField.module.css";

type Props = { label: string; value: string; shown?: string; multiline?: boolean };

/** A line of monospace text with its copy button. `shown` is what the eye gets when it differs from what is copied. */
export function CopyField({ label, value, shown, multiline = false }: Props) {
  return (
    <div className={classes.field}>
      <div className={classes.label}>{label}</div>
      <div className={classes.box}>
        <code className={classes.value} data-multiline={multiline || undefined}>
          {shown ?? value}
        </code>
        <CopyButton text={value} what={label} />
      </div>
    </div>
  );
}
