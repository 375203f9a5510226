import { useId } from "react";
import classes from "./Choice.module.css";

type Props<T extends string> = {
  label: string;
  value: T;
  choices: { value: T; label: string; help?: string }[];
  onChange: (value: T) => void;
};

/** One of a few, all of them to be seen. */
export function Choice<T extends string>({ label, value, choices, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>{label}</legend>
      <div className={classes.options}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes.option}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span className={classes.face}>
              <span className={classes.label}>{choice.label}</span>
              {choice.help ? <span className={classes.help}>{choice.help}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
