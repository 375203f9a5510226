import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { peopleQuery } from "../../lib/people.ts";
import { databaseQuery, databasesQuery } from "../../lib/queries.ts";
import { useMe } from "../../lib/roles.ts";
import { DurationPicker } from "../../ui/DurationPicker.tsx";
import { Panel } from "../../ui/Page.tsx";
import { PickField } from "../../ui/PickField.tsx";
import { Choice } from "./Choice.tsx";
import classes from "./QuestionForm.module.css";
import type { Question } from "./SimulatorPage.tsx";

type Props = { question: Question; onQuestion: (question: Question) => void };

/** The question; each change asks anew and is in the address. */
export function QuestionForm({ question, onQuestion }: Props) {
  const t = useTranslations("policies.simulator");
  const { seesAll } = useMe();
  const { level = "read", duration = 60, kind = "request" } = question;
  return (
    <Panel>
      <div className={classes.form}>
        {seesAll ? (
          <PersonField value={question.person} onChange={(person) => onQuestion({ ...question, person })} />
        ) : null}
        <DatabaseField
          value={question.database}
          onChange={(database) => onQuestion({ ...question, database })}
        />
        <Choice
          label={t("level")}
          value={level}
          choices={(["read", "write", "ddl"] as const).map((each) => ({ value: each, label: each }))}
          onChange={(next) => onQuestion({ ...question, level: next })}
        />
        <DurationPicker
          label={t("duration")}
          valueMinutes={duration}
          maxMinutes={null}
          onChange={(minutes) => (minutes === null ? null : onQuestion({ ...question, duration: minutes }))}
        />
        <Choice
          label={t("kind")}
          value={kind}
          choices={(["request", "break-glass"] as const).map((each) => ({ value: each, label: t(each) }))}
          onChange={(next) => onQuestion({ ...question, kind: next })}
        />
      </div>
    </Panel>
  );
}

type FieldProps = { value: string | undefined; onChange: (id: string | undefined) => void };

function PersonField({ value, onChange }: FieldProps) {
  const t = useTranslations("policies.simulator");
  const { me } = useMe();
  const { data: people = [] } = useQuery(peopleQuery);
  const own = { value: me.user.id, label: t("me", { name: me.user.name }) };
  const others = people
    .filter((person) => person.id !== me.user.id)
    .map(({ id, name, email }) => ({ value: id, label: name, aside: email }));
  const chosen = value ?? me.user.id;
  return (
    <PickField
      label={t("person")}
      picks={[own, ...others]}
      value={chosen}
      shown={[own, ...others].find((person) => person.value === chosen)?.label ?? chosen}
      onPick={(id) => onChange(id === me.user.id ? undefined : id)}
    />
  );
}

/** Searched by the server; the chosen one is read by its id, so an address shows its name too. */
function DatabaseField({ value, onChange }: FieldProps) {
  const t = useTranslations("policies.simulator");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery(databasesQuery(q));
  const chosen = useQuery({ ...databaseQuery(value ?? ""), enabled: value !== undefined }).data;
  return (
    <PickField
      label={t("database")}
      picks={(found.data?.items ?? []).map(({ id, name, instance, environment }) => ({
        value: id,
        label: name,
        aside: `${instance.name} · ${environment.name}`,
      }))}
      value={value}
      shown={
        chosen ? `${chosen.name} · ${chosen.instance.name} · ${chosen.environment.name}` : (value ?? null)
      }
      onType={setTyped}
      onPick={onChange}
    />
  );
}
