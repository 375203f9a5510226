import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import classes from "./SearchField.module.css";

type Props = {
  label: string;
  /** What the address holds. */
  value: string;
  /** Called a moment after typing has stopped. */
  onSearch: (text: string) => void;
  delayMs?: number;
};

/** A search whose text is in the address: typing is shown at once and searched a moment later. */
export function SearchField({ label, value, onSearch, delayMs = 250 }: Props) {
  const t = useTranslations("ui");
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  // The address changed without our doing: going back, or a link.
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      latest.current(text.trim());
    }, delayMs);
    return () => clearTimeout(timer);
  }, [text, delayMs]);
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        text === "" ? null : <CloseButton size="sm" aria-label={t("clear")} onClick={() => setText("")} />
      }
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
