import { useTranslations } from "use-intl";
import { Choice } from "./Choice.tsx";
import { FieldGroup } from "./FieldGroup.tsx";
import { NameList } from "./NameList.tsx";
import type { Fields } from "./PolicyForm.tsx";
import { textsAt, valueAt } from "./policy-value.ts";
import { useSuggestions } from "./use-suggestions.ts";

const noSuggestions: string[] = [];

export function TargetFields({ value, set, issue, isDeny }: Fields) {
  const t = useTranslations("policies.form");
  const suggestions = useSuggestions();
  const isProtected = valueAt(value, ["on", "protected"]);
  const names = (field: "environments" | "instances" | "databases" | "labels") => ({
    label: t(field),
    value: textsAt(value, ["on", field]),
    suggestions: field === "databases" ? noSuggestions : suggestions[field],
    error: issue(`on.${field}`) ?? itemIssue(issue, `on.${field}`),
    onChange: (items: string[]) => set(["on", field], items.length > 0 ? items : undefined),
  });
  return (
    <FieldGroup title={t("on")} help={t("onHelp")} error={issue("on")}>
      <NameList {...names("environments")} />
      <Choice
        label={t("protection")}
        value={isProtected === true ? "only" : isProtected === false ? "not" : "any"}
        choices={[
          { value: "any", label: isDeny ? t("protectionAnyDeny") : t("protectionAny") },
          { value: "only", label: t("protectionOnly") },
          { value: "not", label: t("protectionNot") },
        ]}
        onChange={(choice) => set(["on", "protected"], choice === "any" ? undefined : choice === "only")}
      />
      <NameList {...names("databases")} description={t("databasesHelp")} />
      <NameList {...names("instances")} />
      <NameList {...names("labels")} description={t("labelsHelp")} />
    </FieldGroup>
  );
}

function itemIssue(issue: Fields["issue"], path: string): string | null {
  for (let index = 0; index < 20; index += 1) {
    const found = issue(`${path}.${index}`);
    if (found !== null) return found;
  }
  return null;
}
