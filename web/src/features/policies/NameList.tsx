import { TagsInput } from "@mantine/core";
import { useTranslations } from "use-intl";

type Props = {
  label: string;
  description?: string;
  value: string[];
  suggestions: string[];
  error: string | null;
  onChange: (names: string[]) => void;
};

/** Names as tags: chosen from what is known, or written by hand. */
export function NameList({ label, description, value, suggestions, error, onChange }: Props) {
  const t = useTranslations("policies.form");
  return (
    <TagsInput
      label={label}
      {...(description ? { description } : {})}
      placeholder={value.length === 0 ? t("add") : ""}
      data={suggestions}
      value={value}
      error={error}
      acceptValueOnBlur
      splitChars={[","]}
      maxDropdownHeight={240}
      onChange={onChange}
    />
  );
}
