// A list that is searched has no element of its own in HTML; this is the combobox of WAI-ARIA 1.2.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { CloseButton, Input, UnstyledButton } from "@mantine/core";
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import type { Pick } from "./PickList.tsx";
import classes from "./TagField.module.css";
import { freshTags, matchingPicks } from "./tag-text.ts";

type Props = {
  label: string;
  description?: string | undefined;
  error?: string | null;
  value: string[];
  /** What is proposed; with `free` other text may be written too. */
  picks: Pick[];
  free?: boolean;
  required?: boolean;
  onChange: (value: string[]) => void;
};

/** Several of a kind as tags: chosen from proposals or, where that is allowed, written by hand. */
export function TagField({
  label,
  description,
  error,
  value,
  picks,
  free = false,
  required,
  onChange,
}: Props) {
  const t = useTranslations("ui");
  const id = useId();
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const shown = isOpen ? matchingPicks(picks, value, text, free) : [];
  const add = (added: string) => {
    const fresh = free ? freshTags(added, value) : value.includes(added) ? [] : [added];
    if (fresh.length > 0) onChange([...value, ...fresh]);
    setText("");
    setAt(0);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const pick = shown[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      setAt(Math.min(shown.length - 1, Math.max(0, next)));
    } else if (event.key === "Enter" || (event.key === "," && free)) {
      if (text.trim() === "" && event.key === "Enter" && !(isOpen && pick)) return;
      event.preventDefault();
      if (pick && event.key === "Enter") add(pick.value);
      else if (free) add(text);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Backspace" && text === "" && value.length > 0) {
      onChange(value.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (!free || !/[,\n]/.test(pasted)) return;
    event.preventDefault();
    add(pasted);
  };
  const labelOf = (each: string) => picks.find((pick) => pick.value === each)?.label ?? each;
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      required={required ?? false}
      labelProps={{ htmlFor: id }}
      descriptionProps={{ id: `${id}-description` }}
      errorProps={{ id: `${id}-error` }}
    >
      <div
        className={classes.frame}
        data-described={description ? true : undefined}
        data-error={error ? true : undefined}
      >
        {value.map((each) => (
          <span key={each} className={classes.tag}>
            {labelOf(each)}
            <CloseButton
              size="xs"
              aria-label={t("remove", { what: labelOf(each) })}
              onClick={() => onChange(value.filter((other) => other !== each))}
            />
          </span>
        ))}
        <input
          id={id}
          className={classes.input}
          role="combobox"
          autoComplete="off"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-description ${id}-error`}
          placeholder={value.length === 0 ? t("add") : ""}
          value={text}
          onKeyDown={onKey}
          onPaste={onPaste}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            if (free && text.trim() !== "") add(text);
            else setText("");
          }}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setOpen(true);
            setAt(0);
          }}
        />
        <div
          className={classes.list}
          role="listbox"
          id={`${id}-list`}
          aria-label={label}
          hidden={shown.length === 0}
        >
          {shown.map((pick, index) => (
            <UnstyledButton
              key={pick.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={false}
              tabIndex={-1}
              className={classes.option}
              data-at={index === at || undefined}
              onPointerMove={() => setAt(index)}
              // Before the field loses the focus, which would close the list under the pointer.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(pick.value)}
            >
              {pick.label}
            </UnstyledButton>
          ))}
        </div>
      </div>
    </Input.Wrapper>
  );
}
