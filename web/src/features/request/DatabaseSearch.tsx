/* oxlint-disable jsx-a11y/prefer-tag-over-role -- no HTML element is a list whose rows have several lines */
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { databasesQuery } from "../../lib/queries.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./DatabaseSearch.module.css";

type Props = { focused: boolean; onChoose: (database: DatabaseView) => void; onLeave: () => void };

/** Finds a database by name, instance, environment or label, and tells beforehand what may be asked for there
 * (a combobox with a list, as the ARIA authoring practices have it). */
export function DatabaseSearch({ focused, onChoose, onLeave }: Props) {
  const t = useTranslations("request.form");
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [q] = useDebouncedValue(text.trim(), 150);
  const found = useQuery(databasesQuery(q));
  const groups = grouped(found.data?.items ?? []);
  const databases = groups.flatMap(([, members]) => members);
  const optionId = (database: DatabaseView) => `${id}-${database.id}`;
  const current = opened ? databases[active] : undefined;
  const currentId = current ? optionId(current) : undefined;
  useEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);
  useEffect(() => {
    if (currentId !== undefined) document.getElementById(currentId)?.scrollIntoView({ block: "nearest" });
  }, [currentId]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.metaKey || event.ctrlKey) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      setOpened(true);
      setActive(opened ? (active + step + databases.length) % Math.max(1, databases.length) : 0);
    } else if (event.key === "Enter" && current !== undefined) {
      onChoose(current);
    } else if (event.key === "Escape" && opened) {
      setOpened(false);
      onLeave();
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div
      className={classes.search}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setOpened(false);
        onLeave();
      }}
    >
      <TextInput
        ref={input}
        label={t("database")}
        placeholder={t("databasePlaceholder")}
        leftSection={<IconSearch size={16} aria-hidden />}
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-expanded={opened}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={currentId}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setOpened(true);
        }}
        onClick={() => setOpened(true)}
        onFocus={() => setOpened(true)}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t("database")}
        className={classes.list}
        hidden={!opened}
        tabIndex={-1}
      >
        {found.isPending ? (
          <div className={classes.note}>
            <TextSkeleton lines={3} />
          </div>
        ) : found.isError ? (
          <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
        ) : databases.length === 0 ? (
          <p className={classes.note}>{q === "" ? t("databaseEmpty") : t("databaseNone", { query: q })}</p>
        ) : (
          groups.map(([environment, members]) => (
            <div key={environment} role="group" aria-label={environment}>
              <div className={classes.group} aria-hidden>
                {environment}
              </div>
              {members.map((database) => (
                <Option
                  key={database.id}
                  id={optionId(database)}
                  database={database}
                  active={database === current}
                  onChoose={onChoose}
                />
              ))}
            </div>
          ))
        )}
      </div>
    </div>
  );
}

type OptionProps = {
  id: string;
  database: DatabaseView;
  active: boolean;
  onChoose: (database: DatabaseView) => void;
};

function Option({ id, database, active, onChoose }: OptionProps) {
  const t = useTranslations("request.form");
  const levels = database.askable.filter((each) => each.allowed).map((each) => each.level);
  const refusal = database.askable.flatMap((each) => each.reasons)[0];
  const labels = Object.entries(database.labels).map(([name, value]) => `${name}=${value}`);
  return (
    // The keyboard chooses through the input above, which keeps the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={classes.option}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChoose(database)}
    >
      <DatabaseName database={database} />
      <span className={classes.detail}>
        {!database.present
          ? t("gone")
          : levels.length > 0
            ? t("mayAsk", { levels: levels.join(", ") })
            : (refusal ?? t("mayNot"))}
        {labels.length > 0 ? <span className={classes.labels}>{labels.join("  ")}</span> : null}
      </span>
    </div>
  );
}

/** By environment, in the order in which the server lists them. */
function grouped(databases: readonly DatabaseView[]): [string, DatabaseView[]][] {
  const groups = new Map<string, DatabaseView[]>();
  for (const database of databases) {
    const { name } = database.environment;
    groups.set(name, [...(groups.get(name) ?? []), database]);
  }
  return [...groups];
}
