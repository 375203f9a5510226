import { Checkbox, Switch, TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { FieldGroup } from "./FieldGroup.tsx";
import classes from "./LimitFields.module.css";
import { MinutesInput } from "./MinutesInput.tsx";
import type { Fields } from "./PolicyForm.tsx";
import { numberAt, textAt, textsAt, valueAt } from "./policy-value.ts";

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];

export function LimitFields(fields: Fields) {
  const t = useTranslations("policies.form");
  const { value, set, issue, isDeny } = fields;
  const hours = valueAt(value, ["for", "hours"]);
  return (
    <FieldGroup title={t("for")} error={issue("for") ?? issue("for.hours")}>
      {isDeny ? null : (
        <div className={classes.pair}>
          <MinutesInput
            label={t("max")}
            minutes={numberAt(value, ["for", "maxDurationMinutes"])}
            error={issue("for.maxDurationMinutes")}
            onChange={(minutes) => set(["for", "maxDurationMinutes"], minutes)}
          />
          <MinutesInput
            label={t("total")}
            placeholder={t("totalSame")}
            minutes={numberAt(value, ["for", "maxTotalMinutes"])}
            error={issue("for.maxTotalMinutes")}
            onChange={(minutes) => set(["for", "maxTotalMinutes"], minutes)}
          />
        </div>
      )}
      <Switch
        label={t("hours")}
        description={t("hoursHelp")}
        checked={hours !== undefined}
        onChange={(event) => set(["for", "hours"], event.currentTarget.checked ? officeHours() : undefined)}
      />
      {hours === undefined ? null : <HourFields {...fields} />}
    </FieldGroup>
  );
}

function HourFields({ value, set, issue }: Fields) {
  const t = useTranslations("policies.form");
  const tDay = useTranslations("policies.weekday");
  const zoneList = useId();
  const at = (name: string) => ["for", "hours", name] as const;
  const days = textsAt(value, at("weekdays"));
  return (
    <>
      <fieldset className={classes.days} aria-label={t("weekdays")}>
        {week.map((day) => (
          <Checkbox
            key={day}
            label={tDay(day)}
            checked={days.includes(day)}
            onChange={(event) =>
              set(
                at("weekdays"),
                week.filter((each) => (each === day ? event.currentTarget.checked : days.includes(each))),
              )
            }
          />
        ))}
      </fieldset>
      {issue("for.hours.weekdays") ? <p className={classes.error}>{issue("for.hours.weekdays")}</p> : null}
      <div className={classes.hours}>
        {(["from", "to"] as const).map((name) => (
          <TextInput
            key={name}
            label={t(name)}
            maxLength={5}
            value={textAt(value, at(name))}
            error={issue(`for.hours.${name}`)}
            onChange={(event) => set(at(name), event.currentTarget.value)}
          />
        ))}
        <TextInput
          label={t("timeZone")}
          list={zoneList}
          value={textAt(value, at("timeZone"))}
          error={issue("for.hours.timeZone")}
          onChange={(event) => set(at("timeZone"), event.currentTarget.value)}
        />
        <datalist id={zoneList}>
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </datalist>
      </div>
    </>
  );
}

/** A first proposal, in the writer's own zone. */
function officeHours() {
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    weekdays: ["mon", "tue", "wed", "thu", "fri"],
    from: "09:00",
    to: "18:00",
  };
}
