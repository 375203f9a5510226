// A list that is searched has no element of its own in HTML; this is the combobox of WAI-ARIA 1.2.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import classes from "./PickList.module.css";

export type Pick = { value: string; label: string; aside?: string };

type Props = {
  name: string;
  picks: Pick[];
  chosen: string | undefined;
  onPick: (value: string) => void;
  /** When the server searches: called with what is typed, and the picks are shown as they come. */
  onType?: (text: string) => void;
};

const mostShown = 60;

/** A searchable list; arrows move, Enter chooses. */
export function PickList({ name, picks, chosen, onPick, onType }: Props) {
  const t = useTranslations("ui");
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const found = onType
    ? picks
    : picks.filter((pick) => `${pick.label} ${pick.aside ?? ""}`.toLowerCase().includes(wanted));
  const shown = found.slice(0, mostShown);
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = Math.min(shown.length - 1, Math.max(0, at + step));
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    const pick = shown[at];
    if (event.key === "Enter" && pick) {
      event.preventDefault();
      onPick(pick.value);
    }
  };
  return (
    <div className={classes.pick}>
      <TextInput
        size="xs"
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={shown.length > 0 ? `${list}-${at}` : undefined}
        aria-label={name}
        placeholder={t("find")}
        value={text}
        onKeyDown={onKey}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          onType?.(event.currentTarget.value);
        }}
      />
      <div className={classes.list} role="listbox" id={list} aria-label={name}>
        {shown.map((pick, index) => (
          <UnstyledButton
            key={pick.value}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={pick.value === chosen}
            className={classes.option}
            data-at={index === at || undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => onPick(pick.value)}
          >
            <span className={classes.label}>
              {pick.label}
              {pick.aside ? <span className={classes.aside}>{pick.aside}</span> : null}
            </span>
            {pick.value === chosen ? <IconCheck size={14} aria-hidden /> : null}
          </UnstyledButton>
        ))}
      </div>
      {shown.length === 0 ? <p className={classes.none}>{t("nothingFound")}</p> : null}
    </div>
  );
}
