import { Switch } from "@mantine/core";
import { useTranslations } from "use-intl";
import { FieldGroup } from "./FieldGroup.tsx";
import { NameList } from "./NameList.tsx";
import { PeopleList } from "./PeopleList.tsx";
import type { Fields } from "./PolicyForm.tsx";
import { textsAt, valueAt } from "./policy-value.ts";
import { useSuggestions } from "./use-suggestions.ts";

export function WhoFields({ value, set, issue }: Fields) {
  const t = useTranslations("policies.form");
  const suggestions = useSuggestions();
  const isEveryone = valueAt(value, ["who", "everyone"]) === true;
  return (
    <FieldGroup title={t("who")} error={issue("who")}>
      <Switch
        label={t("everyone")}
        checked={isEveryone}
        onChange={(event) => set(["who"], event.currentTarget.checked ? { everyone: true } : { groups: [] })}
      />
      {isEveryone ? null : (
        <>
          <NameList
            label={t("groups")}
            description={t("groupsHelp")}
            value={textsAt(value, ["who", "groups"])}
            suggestions={suggestions.groups}
            error={issue("who.groups")}
            onChange={(groups) => set(["who", "groups"], groups.length > 0 ? groups : undefined)}
          />
          <PeopleList
            label={t("users")}
            value={textsAt(value, ["who", "users"])}
            people={suggestions.people}
            error={issue("who.users")}
            onChange={(users) => set(["who", "users"], users.length > 0 ? users : undefined)}
          />
        </>
      )}
    </FieldGroup>
  );
}
