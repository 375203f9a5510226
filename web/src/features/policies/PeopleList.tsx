import { MultiSelect } from "@mantine/core";
import { useTranslations } from "use-intl";

type Props = {
  label: string;
  value: string[];
  people: { value: string; label: string }[];
  error: string | null;
  onChange: (userIds: string[]) => void;
};

/** People by name; the file has their ids. One who is not known here is shown by the id and is not lost. */
export function PeopleList({ label, value, people, error, onChange }: Props) {
  const t = useTranslations("policies.form");
  const unknown = value.filter((id) => people.every((person) => person.value !== id));
  return (
    <MultiSelect
      label={label}
      placeholder={value.length === 0 ? t("add") : ""}
      data={[...people, ...unknown.map((id) => ({ value: id, label: id }))]}
      value={value}
      error={error}
      searchable
      limit={50}
      nothingFoundMessage={t("nobodyFound")}
      maxDropdownHeight={240}
      onChange={onChange}
    />
  );
}
