import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { peopleQuery } from "../../lib/people.ts";
import { databaseQuery, databasesQuery } from "../../lib/queries.ts";
import { useMe } from "../../lib/roles.ts";
import { DurationPicker } from "../../ui/DurationPicker.tsx";
import { Panel } from "../../ui/Page.tsx";
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
  const others = people.filter((person) => person.id !== me.user.id);
  const data = [
    { value: me.user.id, label: t("me", { name: me.user.name }) },
    ...others.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
  ];
  const known = value === undefined || data.some((person) => person.value === value);
  return (
    <Select
      label={t("person")}
      placeholder={t("findPerson")}
      data={known ? data : [...data, { value, label: value }]}
      value={value ?? me.user.id}
      searchable
      allowDeselect={false}
      limit={50}
      onChange={(id) => onChange(id === null || id === me.user.id ? undefined : id)}
    />
  );
}

/** Searched by the server; the chosen one is read by its id, so an address shows its name too. */
function DatabaseField({ value, onChange }: FieldProps) {
  const t = useTranslations("policies.simulator");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const found = useQuery(databasesQuery(q));
  const chosen = useQuery({ ...databaseQuery(value ?? ""), enabled: value !== undefined });
  const items = [...(found.data?.items ?? [])];
  if (chosen.data && items.every((item) => item.id !== chosen.data.id)) items.push(chosen.data);
  const options = items.map((database) => ({
    value: database.id,
    label: `${database.name} · ${database.instance.name} · ${database.environment.name}`,
  }));
  return (
    <Select
      label={t("database")}
      placeholder={t("findDatabase")}
      data={options}
      value={value ?? null}
      searchable
      allowDeselect={false}
      limit={50}
      filter={({ options: all }) => all}
      onSearchChange={(text) => setTyped(options.some((option) => option.label === text) ? "" : text)}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
