import { TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { parseDurationMinutes } from "../lib/duration.ts";
import { useDurationText } from "./Duration.tsx";
import classes from "./DurationPicker.module.css";
import { durationChoices } from "./duration-choices.ts";

type Props = {
  label: string;
  valueMinutes: number | null;
  /** The most that policy allows; null while it is not known. */
  maxMinutes: number | null;
  /** null: what was written is not a duration. */
  /** Where the limit comes from, if not from policy: told beside the label. */
  limitText?: string;
  onChange: (minutes: number | null) => void;
  disabled?: boolean;
};

/** Presets within the policy's limit, and any other duration as free text ("90 min", "1 h 30"). */
export function DurationPicker({
  label,
  valueMinutes,
  maxMinutes,
  onChange,
  disabled = false,
  limitText,
}: Props) {
  const t = useTranslations("ui");
  const tell = useDurationText();
  const name = useId();
  const choices = durationChoices(maxMinutes);
  const isChoice = valueMinutes !== null && choices.includes(valueMinutes);
  const [custom, setCustom] = useState(!isChoice && valueMinutes !== null);
  const [text, setText] = useState(valueMinutes === null ? "" : tell(valueMinutes * 60_000));
  const showCustom = custom || !isChoice;
  const tooLong = maxMinutes !== null && valueMinutes !== null && valueMinutes > maxMinutes;
  const max = maxMinutes === null ? "" : tell(maxMinutes * 60_000);
  return (
    <fieldset className={classes.picker} disabled={disabled}>
      <legend className={classes.legend}>
        {label}
        {maxMinutes === null ? null : (
          <span className={classes.cap}>{limitText ?? t("durationCap", { max })}</span>
        )}
      </legend>
      <div className={classes.choices}>
        {choices.map((minutes) => (
          <label key={minutes} className={classes.choice}>
            <input
              type="radio"
              name={name}
              checked={!showCustom && minutes === valueMinutes}
              onChange={() => {
                setCustom(false);
                setText(tell(minutes * 60_000));
                onChange(minutes);
              }}
            />
            <span>{tell(minutes * 60_000)}</span>
          </label>
        ))}
        <label className={classes.choice}>
          <input type="radio" name={name} checked={showCustom} onChange={() => setCustom(true)} />
          <span>{t("custom")}</span>
        </label>
        {showCustom ? (
          <TextInput
            className={classes.custom}
            aria-label={t("customDuration")}
            value={text}
            error={
              tooLong
                ? (limitText ?? t("durationTooLong", { max }))
                : text !== "" && valueMinutes === null
                  ? t("durationUnread")
                  : null
            }
            onChange={(event) => {
              setText(event.currentTarget.value);
              onChange(parseDurationMinutes(event.currentTarget.value));
            }}
          />
        ) : null}
      </div>
    </fieldset>
  );
}
