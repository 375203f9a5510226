import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { parseDurationMinutes } from "../../lib/duration.ts";
import { useDurationText } from "../../ui/Duration.tsx";

type Props = {
  label: string;
  minutes: number | null;
  placeholder?: string;
  error: string | null;
  /** null: what stands there is not a duration. undefined: nothing stands there. */
  onChange: (minutes: number | null | undefined) => void;
};

/** A duration as people write it; the file has minutes. */
export function MinutesInput({ label, minutes, placeholder = "", error, onChange }: Props) {
  const t = useTranslations("policies.form");
  const tUi = useTranslations("ui");
  const tell = useDurationText();
  const [text, setText] = useState(minutes === null ? "" : tell(minutes * 60_000));
  const [known, setKnown] = useState(minutes);
  // The file was edited: its number is the newer one.
  if (minutes !== known) {
    setKnown(minutes);
    if (parseDurationMinutes(text) !== minutes) setText(minutes === null ? "" : tell(minutes * 60_000));
  }
  const isUnread = text.trim() !== "" && parseDurationMinutes(text) === null;
  return (
    <TextInput
      label={label}
      description={t("durationHelp")}
      placeholder={placeholder}
      value={text}
      error={isUnread ? tUi("durationUnread") : error}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const read = next.trim() === "" ? undefined : parseDurationMinutes(next);
        setKnown(read ?? null);
        onChange(read);
      }}
    />
  );
}
