import { Checkbox, TextInput } from "@mantine/core";
import { useTranslations } from "use-intl";
import { FieldGroup } from "./FieldGroup.tsx";
import classes from "./MayFields.module.css";
import { MinutesInput } from "./MinutesInput.tsx";
import type { Fields } from "./PolicyForm.tsx";
import { numberAt, textsAt, valueAt } from "./policy-value.ts";

const levels = ["read", "write", "ddl"] as const;

export function MayFields({ value, set, issue, isDeny }: Fields) {
  const t = useTranslations("policies.form");
  const tLevel = useTranslations("words.levelSentence");
  const chosen = textsAt(value, ["may", "levels"]);
  const choose = (level: string, isChosen: boolean) => {
    const next = levels.filter((each) => (each === level ? isChosen : chosen.includes(each)));
    set(["may", "levels"], isDeny && next.length === 0 ? undefined : next);
  };
  const breakGlass = valueAt(value, ["may", "breakGlass"]);
  return (
    <FieldGroup
      title={isDeny ? t("denies") : t("may")}
      error={issue("may") ?? issue("may.levels")}
      {...(isDeny ? { help: t("levelsDenyHelp") } : {})}
    >
      <div className={classes.levels}>
        {levels.map((level) => (
          <Checkbox
            key={level}
            label={<code>{level}</code>}
            description={tLevel(level)}
            checked={chosen.includes(level)}
            onChange={(event) => choose(level, event.currentTarget.checked)}
          />
        ))}
      </div>
      <div className={classes.extras}>
        {(["unmask", "export"] as const).map((extra) => (
          <Checkbox
            key={extra}
            label={t(extra)}
            checked={valueAt(value, ["may", extra]) === true}
            onChange={(event) => set(["may", extra], event.currentTarget.checked ? true : undefined)}
          />
        ))}
        <Checkbox
          label={t("breakGlass")}
          description={isDeny ? undefined : t("breakGlassHelp")}
          checked={breakGlass !== undefined}
          onChange={(event) =>
            set(
              ["may", "breakGlass"],
              event.currentTarget.checked ? (isDeny ? true : { maxDurationMinutes: 30 }) : undefined,
            )
          }
        />
      </div>
      {breakGlass === undefined || isDeny ? null : (
        <>
          <MinutesInput
            label={t("breakGlassMax")}
            minutes={numberAt(breakGlass, ["maxDurationMinutes"])}
            error={issue("may.breakGlass.maxDurationMinutes")}
            onChange={(minutes) => set(["may", "breakGlass", "maxDurationMinutes"], minutes)}
          />
          {(["perPersonPerDay", "perPersonAtOnce"] as const).map((limit) => (
            <TextInput
              key={limit}
              type="number"
              min={1}
              max={50}
              label={t(`breakGlassLimit.${limit}`)}
              placeholder={limit === "perPersonPerDay" ? "3" : "1"}
              value={numberAt(breakGlass, [limit]) ?? ""}
              error={issue(`may.breakGlass.${limit}`)}
              onChange={({ currentTarget: { value: text } }) =>
                set(["may", "breakGlass", limit], text === "" ? undefined : Number(text))
              }
            />
          ))}
        </>
      )}
    </FieldGroup>
  );
}
