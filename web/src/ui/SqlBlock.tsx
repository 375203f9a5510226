import { CopyButton } from "./CopyButton.tsx";
import classes from "./SqlBlock.module.css";

/** Statements to run by hand, exactly as they are copied. */
export function SqlBlock({ label, sql }: { label: string; sql: string }) {
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <span>{label}</span>
        <CopyButton text={sql} what={label} />
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section tabIndex={0} aria-label={label} className={classes.scroll}>
        <pre>{sql}</pre>
      </section>
    </div>
  );
}
